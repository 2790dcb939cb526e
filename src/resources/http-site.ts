import { bool, int, list, record, resourceKind, string } from './kind.ts';

const header = record('Header', {
  name: { type: string, doc: 'Field name in lower case.', example: '"content-security-policy"' },
  value: { type: string, doc: 'Field value.', example: '"default-src \'self\'"' },
  always: { type: bool, doc: 'Sent with error pages too.', example: 'true' },
});

/** One web site on one port, as clients meet it. */
export const httpSite = resourceKind({
  name: 'http.site',
  title: { en: 'Web site', zh: '网站' },
  doc: 'A web site on one port: whether it is encrypted or leads there, and the headers it answers with.',
  key: 'server name and port',
  attributes: {
    names: { type: list(string), doc: 'Host names.', example: '["pay.example.com"]' },
    port: { type: int, doc: 'TCP port.', example: '443', optional: true },
    tls: { type: bool, doc: 'It speaks TLS.', example: 'true' },
    loopback_only: { type: bool, doc: 'It answers on loopback addresses or a Unix socket only.', example: 'false' },
    redirects_to_https: { type: bool, doc: 'Everything but an ACME challenge is answered with a redirect to https.', example: 'true' },
    hsts_max_age: {
      type: int,
      doc: 'max-age of Strict-Transport-Security. Absent where the header is not sent.',
      unit: 'second',
      example: '31536000',
      optional: true,
    },
    headers: { type: list(header), doc: 'Response headers that the server adds.', example: '[{ name: "x-frame-options", … }]' },
    discloses_version: { type: bool, doc: 'The Server header or error pages name the product’s version.', example: 'false' },
    rate_limited: { type: bool, doc: 'A limit on requests or connections per client is in force.', example: 'true' },
    body_limited: { type: bool, doc: 'The size of a request’s body is limited.', example: 'true' },
  },
});
