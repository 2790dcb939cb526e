import { bool, int, list, oneOf, record, resourceKind, string } from './kind.ts';

const header = record('Header', {
  name: { type: string, doc: 'Field name in lower case.', example: '"content-security-policy"' },
  value: { type: string, doc: 'Field value.', example: '"default-src \'self\'"' },
  always: { type: bool, doc: 'Sent with error pages too.', example: 'true' },
});

const redirect = record('Redirect', {
  status: { type: int, doc: 'Status code of the redirect.', example: '301' },
  permanent: { type: bool, doc: 'Browsers remember it (301, 308).', example: 'true' },
  same_host: { type: bool, doc: 'It leads to the same host name.', example: 'true' },
  straight: { type: bool, doc: 'Its first step leads to https already.', example: 'true' },
});

const cookie = record('Cookie', {
  name: {
    type: string,
    doc: 'Name; `*` stands for every cookie of an application, where the server in front sets their flags. The value is never kept.',
    example: '"__Host-session"',
  },
  key: { type: string, doc: 'Name in lower case, for comparison.', example: '"__host-session"' },
  secure: { type: bool, doc: 'Sent over TLS only.', example: 'true' },
  http_only: { type: bool, doc: 'Out of reach for scripts.', example: 'true' },
  same_site: {
    type: oneOf('strict', 'lax', 'none'),
    doc: 'SameSite. Absent where it is not set, or to a word that browsers do not know.',
    example: '"lax"',
    optional: true,
  },
  prefix_kept: { type: bool, doc: 'It keeps what `__Secure-` or `__Host-` in its name promises.', example: 'true' },
  max_age: { type: int, doc: 'How long it lives. Absent where it ends with the session.', unit: 'second', example: '1800', optional: true },
});

const banner = record('Banner', {
  name: { type: string, doc: 'Field name in lower case.', example: '"server"' },
  value: { type: string, doc: 'What it says.', example: '"nginx/1.26.2"' },
  version: { type: string, doc: 'The version in it. Absent where there is none.', example: '"1.26.2"', optional: true },
});

const page = record('Page', {
  path: { type: string, doc: 'Path that was asked for, or the prefix of a location.', example: '"/account/"' },
  status: { type: int, doc: 'Status of the answer.', example: '200' },
  private: { type: bool, doc: 'The target’s `private_paths` name it.', example: 'true' },
  no_store: { type: bool, doc: '`Cache-Control: no-store`: neither browsers nor caches may keep it.', example: 'true' },
});

const permission = record('Permission', {
  feature: { type: string, doc: 'Feature of the browser.', example: '"camera"' },
  allowed: { type: list(string), doc: 'Who may use it: `self`, `*`, origins; nobody where it is empty.', example: '["self"]' },
});

/**
 * One web site on one port, as clients meet it. Seen live, facts about pages hold for the pages that were asked for; what is
 * said of headers holds for the weakest of them.
 */
export const httpSite = resourceKind({
  name: 'http.site',
  title: { en: 'Web site', zh: '网站' },
  doc: 'A web site on one port: whether it is encrypted or leads there, and what it answers with. Where pages or locations differ, the weakest counts.',
  key: 'server name and port; the address where a name has several',
  attributes: {
    names: { type: list(string), doc: 'Host names.', example: '["pay.example.com"]' },
    port: { type: int, doc: 'TCP port.', example: '443', optional: true },
    tls: { type: bool, doc: 'It speaks TLS.', example: 'true' },
    loopback_only: { type: bool, doc: 'It answers on loopback addresses or a Unix socket only.', example: 'false' },
    redirects_to_https: {
      type: bool,
      doc: 'Everything but an ACME challenge is answered with a redirect to https, or refused; of a site that speaks TLS, to another site and for good. Seen live: every path that was asked.',
      example: 'true',
    },
    redirect: {
      type: redirect,
      doc: 'The redirect that answers `/`. Absent where something else does.',
      example: '{ status: 301, permanent: true, same_host: true, straight: true }',
      optional: true,
    },
    status: { type: int, doc: 'Status of the page that `/` leads to on the same host.', example: '200' },
    hsts_valid: {
      type: bool,
      doc: 'Strict-Transport-Security is as RFC 6797 demands: browsers pass over one that is not. Absent where it is not sent.',
      example: 'true',
      optional: true,
    },
    hsts_max_age: {
      type: int,
      doc: 'max-age of Strict-Transport-Security. Absent where the header is not sent, or not valid.',
      unit: 'second',
      example: '31536000',
      optional: true,
    },
    hsts_include_subdomains: {
      type: bool,
      doc: 'HSTS covers subdomains. Absent where there is no valid HSTS.',
      example: 'true',
      optional: true,
    },
    hsts_preload: {
      type: bool,
      doc: 'HSTS consents to preloading. Absent where there is no valid HSTS.',
      example: 'false',
      optional: true,
    },
    headers: {
      type: list(header),
      doc: 'Response headers that the server adds on every page. Seen live: those that controls could speak of.',
      example: '[{ name: "x-frame-options", … }]',
    },
    script_sources: {
      type: list(string),
      doc: "Where scripts may come from by all content security policies together, as browsers of CSP level 3 read them: 'unsafe-inline' is left out where a nonce, hash or 'strict-dynamic' overrides it. Absent where no policy speaks of scripts.",
      example: '["\'self\'", "https://static.example.com"]',
      optional: true,
    },
    framed_by: {
      type: list(string),
      doc: 'Who may frame the pages: frame-ancestors, or X-Frame-Options where no policy has it, in the words of frame-ancestors. Absent where everybody may.',
      example: '["\'none\'"]',
      optional: true,
    },
    nosniff: { type: bool, doc: 'X-Content-Type-Options is nosniff.', example: 'true' },
    referrer_policies: {
      type: list(string),
      doc: 'Referrer policy in force, each that some page has. Absent where a page has none.',
      example: '["strict-origin-when-cross-origin"]',
      optional: true,
    },
    permissions: {
      type: list(permission),
      doc: 'Permissions-Policy of the page. Absent where it has none, or none that parses.',
      example: '[{ feature: "camera", allowed: [] }]',
      optional: true,
    },
    cookies: { type: list(cookie), doc: 'Cookies that are set without login.', example: '[{ name: "__Host-session", … }]' },
    banners: { type: list(banner), doc: 'Headers by which servers introduce themselves.', example: '[{ name: "server", … }]' },
    discloses_version: { type: bool, doc: 'A banner or the error pages name a product’s version.', example: 'false' },
    pages: { type: list(page), doc: 'Pages that were looked at.', example: '[{ path: "/", status: 200, … }]' },
    cors_any_origin_with_credentials: {
      type: bool,
      doc: 'Scripts of any origin are let in by `*`, with credentials beside.',
      example: 'false',
    },
    cors_reflects_origin: { type: bool, doc: 'A foreign Origin comes back as allowed.', example: 'false' },
    cors_accepts_null: { type: bool, doc: 'The origin `null` (sandboxed frames, local files) is allowed.', example: 'false' },
    trace_enabled: { type: bool, doc: 'TRACE is answered with the request itself.', example: 'false' },
    methods: {
      type: list(string),
      doc: 'Methods that Allow names. Absent where it is not sent.',
      example: '["GET", "HEAD"]',
      optional: true,
    },
    compresses_pages: {
      type: bool,
      doc: 'Pages are compressed: with secrets and reflected input in one page, their length tells (BREACH).',
      example: 'true',
    },
    rate_limited: { type: bool, doc: 'A limit on requests or connections per client is in force.', example: 'true' },
    body_limited: { type: bool, doc: 'The size of a request’s body is limited.', example: 'true' },
  },
});
