const localized = {
  type: 'object',
  required: ['en', 'zh'],
  additionalProperties: false,
  properties: { en: { type: 'string' }, zh: { type: 'string' } },
} as const;
const severity = { enum: ['critical', 'high', 'medium', 'low', 'info'] } as const;
const names = { type: 'array', items: { type: 'string' } } as const;
const selection = {
  type: 'object',
  additionalProperties: false,
  properties: {
    all: { const: true, description: 'Every control of the catalogue.' },
    ids: names,
    families: names,
    severities: { type: 'array', items: severity },
    tags: names,
    references: { ...names, description: 'Register ids, or an id and a clause ("cn-mlps 8.1.4.3").' },
  },
} as const;
const parameterValue = { type: ['boolean', 'number', 'string', 'array'] } as const;
const byControl = { type: 'object', additionalProperties: { type: 'object', additionalProperties: parameterValue } } as const;

/** What a gate may say, in a profile or in custos.yaml. */
export const gateSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    failOn: severity,
    minScore: { type: 'number', minimum: 0, maximum: 100 },
    undecided: {
      type: 'array',
      description: 'Undecided outcomes at or above failOn that stop the gate. error always does, named or not.',
      items: { enum: ['unknown', 'error', 'manual'] },
    },
  },
} as const;

/** "At least one tls.listener": an empty world is not a clean one. */
export const expectsSchema = {
  type: 'array',
  items: {
    type: 'object',
    required: ['kind'],
    additionalProperties: false,
    properties: { kind: { type: 'string' }, atLeast: { type: 'integer', minimum: 1 } },
  },
} as const;

/** JSON Schema of a profile. Published as docs/schemas/profile.json. */
export const profileSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'https://custos.dev/schemas/profile.json',
  title: 'Custos profile',
  type: 'object',
  required: ['id', 'title'],
  additionalProperties: false,
  properties: {
    id: { type: 'string', pattern: '^[a-z0-9][a-z0-9-]*$', examples: ['my-profile'] },
    title: localized,
    description: localized,
    extends: { ...names, description: 'Profiles merged left to right, then this one.' },
    select: selection,
    exclude: selection,
    parameters: { ...byControl, description: 'Control id → parameter → value.' },
    bounds: { ...byControl, description: 'Control id → parameter → a bound that no later setting may loosen.' },
    weights: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        required: ['weight', 'reason'],
        additionalProperties: false,
        properties: { weight: { type: 'number', minimum: 0, maximum: 100 }, reason: { type: 'string', minLength: 1 } },
      },
    },
    expects: expectsSchema,
    labels: {
      type: 'object',
      description: 'Defaults for labels that nobody set; only those that widen what is judged.',
      additionalProperties: { type: 'string' },
    },
    gate: gateSchema,
  },
} as const;
