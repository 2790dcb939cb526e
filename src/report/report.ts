import type { Renderer } from './renderer.ts';

interface Format {
  readonly name: string;
  readonly description: { readonly en: string; readonly zh: string };
  readonly load: () => Promise<Renderer>;
}

/** Every format. A new one is one file, one line here, and its goldens. */
export const FORMATS: readonly Format[] = [
  {
    name: 'text',
    description: { en: 'for people, in a terminal', zh: '供人在终端阅读' },
    load: async () => (await import('./text/render.ts')).renderText,
  },
  {
    name: 'json',
    description: { en: 'the whole assessment as one object', zh: '完整评估，单个 JSON 对象' },
    load: async () => (await import('./json.ts')).renderJson,
  },
  {
    name: 'jsonl',
    description: { en: 'the same as JSON Lines, for large fleets', zh: '同上，JSON Lines，适用于大规模目标' },
    load: async () => (await import('./json.ts')).renderJsonLines,
  },
  {
    name: 'sarif',
    description: { en: 'SARIF 2.1.0, for code scanning', zh: 'SARIF 2.1.0，用于代码扫描平台' },
    load: async () => (await import('./sarif.ts')).renderSarif,
  },
  {
    name: 'markdown',
    description: { en: 'for a job summary or a comment', zh: '用于流水线摘要或评论' },
    load: async () => (await import('./markdown.ts')).renderMarkdown,
  },
  {
    name: 'junit',
    description: { en: 'JUnit XML, for Jenkins and others', zh: 'JUnit XML，用于 Jenkins 等' },
    load: async () => (await import('./junit.ts')).renderJunit,
  },
  {
    name: 'gitlab',
    description: { en: 'GitLab code quality', zh: 'GitLab 代码质量报告' },
    load: async () => (await import('./gitlab-quality.ts')).renderGitlabQuality,
  },
  {
    name: 'gitlab-sast',
    description: { en: 'GitLab SAST report', zh: 'GitLab SAST 报告' },
    load: async () => (await import('./gitlab-sast.ts')).renderGitlabSast,
  },
];

/** The renderer of a format, loaded when it is asked for; undefined where there is none of that name. */
export async function rendererOf(name: string): Promise<Renderer | undefined> {
  return FORMATS.find((format) => format.name === name)?.load();
}
