import { describe, expect, test } from 'vitest';
import { causeNextStep, causeSentence } from '../../src/model/cause.ts';
import { inChinese, KNOWN_DETAILS, secretInChinese } from '../../src/model/details/translate.ts';
import { detailLiterals } from '../support/unknown-details.ts';

/** One word with what it holds is a setting's or protocol's name, the same in any language; and so are these. */
const NAME = /^(?:\{\})?[-$.\w]+(?::? \{\})*$/;
const NAMES = new Set(['TLS 1.3', 'log_directory, log_filename', 'add_header Set-Cookie', '{}: RESTIC_REPOSITORY_FILE']);
const HAN = /\p{Script=Han}/u;

describe('what collectors say in our words is said in both languages', () => {
  test('every literal detail is in the table, or a name', () => {
    const missing = detailLiterals(['collect', 'world', 'text', 'ssh', 'tls', 'evidence', 'evaluate']).filter(
      ({ template }) =>
        /[A-Za-z]/.test(template.replaceAll('{}', '')) &&
        !NAMES.has(template) &&
        !NAME.test(template) &&
        !HAN.test(inChinese(template.replaceAll('{}', '7'))),
    );
    expect(missing.map(({ place, template }) => `${place} ${template}`)).toEqual([]);
  });
  test('the Chinese of each is Chinese, fills the same holes, and says each once', () => {
    for (const [en, zh] of KNOWN_DETAILS) {
      expect(zh, en).toMatch(HAN);
      expect((zh.match(/\{\d?\}/g) ?? []).length, en).toBe((en.match(/\{\}/g) ?? []).length);
    }
    expect(new Set(KNOWN_DETAILS.map(([en]) => en)).size).toBe(KNOWN_DETAILS.length);
  });
});

test.each([
  ['verify is a command, not a setting', '校验是命令，不是设置'],
  ['ssl_ciphers: default of an unknown version of openssl', 'ssl_ciphers：openssl 版本未知，默认值无法确定'],
  ['log_file: "x" is no version of nginx', 'log_file：“x”不是 nginx 的版本'],
  ['custody-strict expects 2 backup.plan, 1 found', 'custody-strict 要求 2 个 backup.plan，实有 1 个'],
  ['no TLS: no answer', '不是 TLS：没有应答'],
  ['include /etc/x.conf: /etc/x.conf is not there', '包含 /etc/x.conf：/etc/x.conf 不存在'],
  ['TLS_RSA_WITH_NULL_MD5', 'TLS_RSA_WITH_NULL_MD5'],
])('%s', (en, zh) => {
  expect(inChinese(en)).toBe(zh);
});

test('no text takes long, however it is made', () => {
  const started = performance.now();
  for (let index = 0; index < 200; index += 1) inChinese(`${': '.repeat(190)}${index}`);
  expect(performance.now() - started).toBeLessThan(2_000);
});

test('names of secrets by their shape are named in Chinese; a key’s own name stays', () => {
  expect(['password in URL', 'password of session', 'JWT_SECRET'].map(secretInChinese)).toEqual([
    'URL 中的口令',
    'session 的口令',
    'JWT_SECRET',
  ]);
});

test('the next step is about what is missing, not about its cause at large', () => {
  const next = (detail: string): string => causeNextStep({ cause: 'unresolved', detail }).en;
  for (const detail of ['verify is a command, not a setting', 's3: the store decides who may delete', 'the far side decides'])
    expect(next(detail)).not.toContain('include');
  expect(next('ssl_ciphers: default of an unknown version of openssl')).toContain('--product');
  expect(next('whatever a file says')).toContain('supply the include');
  expect(causeSentence({ cause: 'unresolved', detail: 'the far side decides' }).zh).toBe('依赖于此处没有的内容（由对端决定）');
});
