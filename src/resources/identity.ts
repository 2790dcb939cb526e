import { bool, list, oneOf, resourceKind, string } from './kind.ts';

/** Somebody or something that can log in. */
export const identityPrincipal = resourceKind({
  name: 'identity.principal',
  title: { en: 'Principal', zh: '身份主体' },
  doc: 'An account or role: whether it can log in, with what, and what it may do in the end.',
  key: 'system and account name',
  attributes: {
    name: { type: string, doc: 'Account or role name.', example: '"ledger_app"' },
    kind: {
      type: oneOf('person', 'service', 'role', 'default'),
      doc: 'What it stands for; `default` is the account a product comes with.',
      example: '"service"',
    },
    login: { type: bool, doc: 'It can log in.', example: 'true' },
    password: {
      type: oneOf('none', 'hashed', 'plain'),
      doc: 'What proves it: nothing, a stored hash, or a password in clear in a file.',
      example: '"hashed"',
    },
    superuser: { type: bool, doc: 'It may do everything, by effective rights.', example: 'false' },
    dangerous_rights: { type: list(string), doc: 'Rights that destroy, reconfigure or read beyond its task.', example: '["CONFIG"]' },
  },
});

/** One rule of who may do what, from where. */
export const accessRule = resourceKind({
  name: 'access.rule',
  title: { en: 'Access rule', zh: '访问规则' },
  doc: 'One rule of who may connect to what, from where, and how they prove themselves.',
  key: 'type, databases, users and source',
  attributes: {
    effect: { type: oneOf('allow', 'deny'), doc: 'What the rule does.', example: '"allow"' },
    transport: {
      type: oneOf('local', 'any', 'tls', 'clear', 'gss'),
      doc: 'Unix socket; any network; TLS only; clear only; GSSAPI only.',
      example: '"tls"',
    },
    local: { type: bool, doc: 'It only admits from this machine (Unix socket or loopback).', example: 'false' },
    source: { type: string, doc: 'Where from: a network, a host name, `local`, or `any`.', example: '"10.1.0.0/16"' },
    any_source: { type: bool, doc: 'It admits from every address.', example: 'false' },
    users: { type: list(string), doc: 'Who: names, groups with `+`, or `all`.', example: '["ledger_app"]' },
    all_users: { type: bool, doc: 'It admits every user.', example: 'false' },
    objects: { type: list(string), doc: 'What: databases, commands, or `all`.', example: '["ledger"]' },
    all_objects: { type: bool, doc: 'It reaches everything.', example: 'false' },
    method: { type: string, doc: 'How they prove themselves.', example: '"scram-sha-256"' },
    authenticates: { type: bool, doc: 'A proof is demanded at all.', example: 'true' },
    protects_password: {
      type: bool,
      doc: 'No password crosses in clear or as a weak hash: another method, or inside TLS.',
      example: 'true',
    },
  },
});
