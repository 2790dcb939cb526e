import type { RuleText, Summary } from '../model/assessment.ts';
import type { Finding } from '../model/finding.ts';
import type { Language, Localized } from '../model/localized.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { placer, placeText, type Place } from './place.ts';
import { PROJECT } from './project.ts';
import type { ReportOptions } from './renderer.ts';
import { FAMILY_NAMES, SEVERITY_WORDS, WORDS } from './text/words.ts';

const OWN_WORDS = {
  severity: { en: 'Severity', zh: '级别' },
  control: { en: 'Control', zh: '控制项' },
  what: { en: 'What', zh: '内容' },
  where: { en: 'Where', zh: '位置' },
  worse: { en: 'worse', zh: '恶化' },
  before: { en: 'before', zh: '此前' },
  howToFix: { en: 'How to fix it', zh: '整改方法' },
} as const satisfies Record<string, Localized>;

/** Makes the rows of findings: what failed, what it was before, where, and how to put it right. */
export class MarkdownRows {
  readonly #options: ReportOptions;
  readonly #place: (finding: Finding) => Place;
  readonly #rules: ReadonlyMap<string, RuleText>;
  readonly #pages: string;

  constructor(summary: Summary, options: ReportOptions) {
    this.#options = options;
    this.#place = placer(summary, options.pathPrefix);
    this.#rules = new Map(summary.rules.map((rule) => [rule.id, rule]));
    this.#pages = `${PROJECT}/blob/v${encodeSegment(summary.tool.version)}/controls/README.md`;
  }

  /** A table with its title; `count` are all of them, shown or not. `fix`: each says how to put it right, folded. */
  *table(title: string, count: number, findings: Iterable<Finding>, fix: boolean): Generator<string, void> {
    const { language } = this.#options;
    if (title !== '') yield `\n## ${title} ${count}\n`;
    const heads = [OWN_WORDS.severity, OWN_WORDS.control, OWN_WORDS.what, OWN_WORDS.where].map((one) => one[language]);
    yield `\n| ${heads.join(' | ')} |\n|---|---|---|---|\n`;
    let shown = 0;
    for (const finding of findings) {
      yield this.#row(finding, fix);
      shown += 1;
    }
    if (count > shown) yield `\n(+${count - shown} ${WORDS.more[language]})\n`;
  }

  /** A control's name, with a link to what it asks for where it is one of the bundled catalogue. */
  control(id: string): string {
    const bundled = /^[A-Z]+-\d+$/.test(id) && FAMILY_NAMES[this.#rules.get(id)?.family ?? ''] !== undefined;
    return bundled ? `[${id}](${this.#pages}#${id.toLowerCase()})` : escapeMarkdown(id);
  }

  #row(finding: Finding, fix: boolean): string {
    const { language } = this.#options;
    const about = finding.resource === '' ? finding.target : `${finding.target}/${finding.resource}`;
    const rule = this.#rules.get(finding.control);
    const folded = fix && rule !== undefined ? foldedFix(rule, language) : '';
    const cells = [
      SEVERITY_WORDS[finding.severity][language],
      this.control(finding.control),
      [escapeMarkdown(finding.message[language]), ...this.#marks(finding)].join(' · ') + folded,
      `${linkTo(this.#place(finding), this.#options.links)}<br>${escapeMarkdown(about)}`,
    ];
    return `| ${cells.join(' | ')} |\n`;
  }

  /** What keeps its waiver from holding; that it is worse, and what was said of it before. */
  #marks({ waiver, baseline, fingerprint = '', message }: Finding): readonly string[] {
    const { language, comparison } = this.#options;
    const marks: string[] = [];
    if (waiver?.status === 'expired') marks.push(`${WORDS.expired[language]} (${escapeMarkdown(waiver.until)})`);
    if (waiver?.status === 'worse') marks.push(WORDS.worse[language]);
    if (baseline !== 'worse') return marks;
    const before = comparison?.said.get(fingerprint)?.[language];
    const was = before === undefined || before === message[language] ? '' : ` (${OWN_WORDS.before[language]}: ${escapeMarkdown(before)})`;
    return [...marks, `**${OWN_WORDS.worse[language]}**${was}`];
  }
}

function foldedFix({ remediation }: RuleText, language: Language): string {
  return `<details><summary>${OWN_WORDS.howToFix[language]}</summary>${escapeMarkdown(remediation[language].replaceAll(/\s+/g, ' '))}</details>`;
}

/** A link to the line where files of this tree are shown, else the place as it reads. */
function linkTo(place: Place, links: string | undefined): string {
  const text = `<code>${escapeMarkdown(placeText(place))}</code>`;
  if (links === undefined || place.file.startsWith('/') || place.file.startsWith('../') || place.file.includes('://')) return text;
  const path = place.file.toWellFormed().split('/').map(encodeSegment).join('/');
  const lines = place.line === undefined ? '' : `#L${place.line}`;
  return `[${text}](${links}/${path}${lines})`;
}

/** Parentheses would end a link's address, and are left alone by `encodeURIComponent`. */
function encodeSegment(segment: string): string {
  return encodeURIComponent(segment).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
