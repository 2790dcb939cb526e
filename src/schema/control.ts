const localized = {
  type: 'object',
  required: ['en', 'zh'],
  additionalProperties: false,
  properties: { en: { type: 'string', minLength: 1 }, zh: { type: 'string', minLength: 1 } },
} as const;
const text = { type: 'string', minLength: 1 } as const;
const severity = { enum: ['critical', 'high', 'medium', 'low', 'info'] } as const;

/** JSON Schema of a control's YAML file. Published as docs/schemas/control.json, for editors. */
export const controlSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'https://custos.dev/schemas/control.json',
  title: 'Custos control',
  type: 'object',
  required: ['id', 'title', 'rationale', 'severity', 'message', 'remediation', 'verification', 'examples'],
  additionalProperties: false,
  properties: {
    id: {
      type: 'string',
      pattern: '^[A-Z]{2,8}-\\d{2,3}$',
      examples: ['TLS-03'],
      description: 'Family and number. It never changes its meaning.',
    },
    revision: { type: 'integer', minimum: 1, description: 'Counts up when the same evidence may come out differently. Default 1.' },
    title: { ...localized, description: 'A sentence that is true when the control is satisfied.' },
    rationale: { ...localized, description: 'What it protects client money from.' },
    severity: { ...severity, description: 'The highest severity that a finding can have; gives the weight.' },
    lesser: {
      type: 'array',
      description: 'Conditions under which a failing finding is less severe. The first that is true counts.',
      items: { type: 'object', required: ['if', 'severity'], additionalProperties: false, properties: { if: text, severity } },
    },
    scope: {
      enum: ['resource', 'assessment', 'findings'],
      description: 'What is judged: each resource (default), everything at once, or the finished findings.',
    },
    resource: { ...text, description: 'The resource kind it judges; see docs/resources.md.' },
    when: { ...text, description: 'CEL: judged only where this is true, else not applicable.' },
    assert: { ...text, description: 'CEL: true is a pass.' },
    attested: {
      type: 'object',
      description: 'How a document decides it where no target shows the kind.',
      required: ['kind', 'assert'],
      additionalProperties: false,
      properties: { kind: { type: 'string', pattern: '^att:[a-z]+$', examples: ['att:drill'] }, assert: text },
    },
    params: {
      type: 'object',
      propertyNames: { pattern: '^[a-z][a-z0-9_]*$', examples: ['max_days'] },
      additionalProperties: {
        type: 'object',
        required: ['type', 'default', 'description'],
        additionalProperties: false,
        properties: {
          type: { enum: ['bool', 'int', 'double', 'string', 'list<string>', 'list<int>'] },
          default: { type: ['boolean', 'number', 'string', 'array'] },
          description: localized,
          tighter: {
            enum: ['lower', 'higher', 'subset', 'superset'],
            description: 'In which direction a profile may move it where a bound is claimed.',
          },
        },
      },
    },
    offending: {
      description:
        'CEL list, or several: what to name in the message and where to point, on a fail. Everything that decided, not its first kind.',
      anyOf: [text, { type: 'array', items: text, minItems: 2, maxItems: 12 }],
    },
    message: { ...localized, description: 'What is wrong, with {placeholders}: {offending}, {r.id}, {params.x}.' },
    remediation: {
      type: 'object',
      required: ['en', 'zh'],
      additionalProperties: false,
      properties: { en: text, zh: text, examples: { type: 'object', additionalProperties: { type: 'string' } } },
    },
    references: {
      type: 'object',
      description: 'Register id → clauses; an empty list cites the act alone.',
      additionalProperties: { type: 'array', items: { type: 'string' } },
    },
    report: { type: 'array', items: { type: 'string', pattern: '^\\d+(\\.\\d+)*$', examples: ['2.1.1'] } },
    tags: { type: 'array', items: { type: 'string', pattern: '^[a-z0-9-]+$', examples: ['card-data'] } },
    verification: { enum: ['automated', 'either', 'attested'] },
    examples: {
      type: 'array',
      minItems: 2,
      items: {
        type: 'object',
        required: ['name', 'expect'],
        additionalProperties: false,
        properties: {
          name: text,
          expect: { enum: ['pass', 'fail', 'unknown', 'not-applicable', 'manual'] },
          facts: { type: 'object' },
          neighbours: { type: 'object', additionalProperties: { type: 'array', items: { type: 'object' } } },
          outcomes: { type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } } },
          format: text,
          text: { type: 'string' },
          files: { type: 'object', additionalProperties: { type: 'string' } },
          versions: { type: 'object', additionalProperties: { type: 'string' } },
          labels: { type: 'object', additionalProperties: { type: 'string' } },
          params: { type: 'object', additionalProperties: { type: ['boolean', 'number', 'string', 'array'] } },
        },
      },
    },
  },
} as const;
