import { excerpt, localized, position, severity, sharedDefinitions } from './evidence.ts';

const interval = {
  type: 'object',
  required: ['low', 'high'],
  properties: { low: { type: 'number', minimum: 0, maximum: 100 }, high: { type: 'number', minimum: 0, maximum: 100 } },
} as const;

/** JSON Schema of one finding; the origins that it refers to stand beside it where it is used. */
const findingSchema = {
  type: 'object',
  required: [
    'control',
    'family',
    'target',
    'resource',
    'kind',
    'outcome',
    'severity',
    'basis',
    'message',
    'locations',
    'offenders',
    'witnesses',
    'alsoUnknown',
    'parts',
  ],
  properties: {
    control: { type: 'string' },
    target: { type: 'string' },
    resource: { type: 'string' },
    outcome: { enum: ['pass', 'fail', 'unknown', 'manual', 'not-applicable', 'error'] },
    severity,
    basis: { enum: ['automated', 'attested'] },
    message: localized,
    fingerprint: { type: 'string', pattern: '^[0-9a-f]{64}$' },
    count: { type: 'integer', minimum: 1, description: 'How many findings were folded into this one.' },
    locations: {
      type: 'array',
      items: {
        type: 'object',
        required: ['file', 'range', 'role'],
        properties: {
          file: { type: 'string' },
          range: { type: 'object', required: ['start', 'end'], properties: { start: position, end: position } },
          excerpt,
          role: { enum: ['evidence', 'declared'] },
          seen: {
            type: 'object',
            required: ['on', 'file', 'range'],
            properties: {
              on: { type: 'string' },
              file: { type: 'string' },
              range: { type: 'object', required: ['start', 'end'], properties: { start: position, end: position } },
              excerpt,
            },
          },
        },
      },
    },
    offenders: { type: 'array', items: { type: 'object', required: ['digest'] } },
    witnesses: {
      type: 'array',
      items: { type: 'object', required: ['path', 'state', 'origin'], properties: { origin: { $ref: '#/$defs/origin' } } },
    },
    waiver: { type: 'object', required: ['id', 'owner', 'reason', 'until', 'status'] },
  },
  allOf: [
    {
      if: { properties: { outcome: { enum: ['pass', 'fail', 'not-applicable'] } } },
      then: { properties: { witnesses: { minItems: 1 } } },
    },
    {
      if: { properties: { outcome: { const: 'unknown' } } },
      then: { required: ['causes'], properties: { causes: { type: 'array', minItems: 1 } } },
    },
  ],
} as const;

const count = { type: 'integer', minimum: 0 } as const;
const list = { type: 'array' } as const;

/** What the assessment says of one live TLS endpoint; `whole` is true only where a list was seen to its end. */
const endpointSchema = {
  type: 'object',
  required: [
    'target',
    'resource',
    'protocols',
    'suites',
    'groups',
    'groupsWhole',
    'certificates',
    'weaknesses',
    'weaknessesWhole',
    'alpn',
    'rating',
    'guidelines',
  ],
  properties: {
    target: { type: 'string' },
    resource: { type: 'string' },
    groups: { type: 'array', items: { type: 'string' } },
    groupsWhole: { type: 'boolean', description: 'False where there may be more groups than these.' },
    weaknesses: { type: 'array', items: { type: 'string' } },
    weaknessesWhole: { type: 'boolean', description: 'False where there may be more weaknesses than these.' },
  },
} as const;

const grade = { enum: ['A', 'B', 'C', 'D', 'F', '–'] } as const;

/** Fields of a summary: all of an assessment but its findings. */
const summaryRequired = [
  'format',
  'version',
  'tool',
  'profile',
  'asOf',
  'policy',
  'planDigest',
  'gate',
  'targets',
  'endpoints',
  'rules',
  'counts',
  'failed',
  'scores',
  'grade',
  'gradeHigh',
  'caps',
  'coverage',
  'notLookedAt',
  'waivers',
  'gone',
  'verdict',
] as const;
const summaryProperties = {
  format: { const: 'custos-assessment' },
  version: { const: 1 },
  profile: { type: 'string' },
  asOf: { type: 'string' },
  policy: list,
  planDigest: { type: 'string' },
  base: { type: 'string', description: 'Leads from where the run stood to the directory that paths are relative to.' },
  gate: { type: 'object' },
  targets: {
    type: 'array',
    items: {
      type: 'object',
      required: ['target', 'resources', 'looked', 'gaps', 'collectedAt'],
      properties: { target: { type: 'object' }, resources: count, looked: list, gaps: list, collectedAt: { type: 'string' } },
    },
  },
  endpoints: { type: 'array', items: endpointSchema },
  rules: {
    type: 'array',
    items: {
      type: 'object',
      required: ['id', 'revision', 'family', 'title', 'rationale', 'severity', 'remediation', 'references', 'parameters', 'tags'],
      properties: {
        id: { type: 'string' },
        revision: { type: 'integer' },
        family: { type: 'string' },
        title: localized,
        rationale: localized,
        severity,
        remediation: localized,
        references: { type: 'object' },
        parameters: { type: 'object' },
        tags: list,
      },
    },
  },
  counts: {
    type: 'object',
    description: 'How many findings came out how; they are all here.',
    required: ['fail', 'error', 'unknown', 'manual', 'pass', 'not-applicable'],
    properties: { fail: count, error: count, unknown: count, manual: count, pass: count, 'not-applicable': count },
    additionalProperties: false,
  },
  failed: {
    type: 'object',
    required: severity.enum,
    properties: { critical: count, high: count, medium: count, low: count, info: count },
  },
  scores: {
    type: 'object',
    required: ['total', 'accepted', 'families'],
    properties: {
      total: interval,
      accepted: interval,
      families: { type: 'array', items: { ...interval, required: ['family', 'weight', 'controls', 'low', 'high'] } },
    },
  },
  grade,
  gradeHigh: grade,
  caps: list,
  coverage: { type: 'number', minimum: 0, maximum: 1 },
  verdict: {
    type: 'object',
    required: ['exitCode', 'reasons'],
    properties: { exitCode: { enum: [0, 1, 2, 130] }, reasons: { type: 'array', items: localized } },
  },
  notLookedAt: { type: 'array', items: { type: 'object', required: ['control', 'title', 'severity', 'kind', 'reason'] } },
  waivers: list,
  gone: list,
} as const;

/** JSON Schema of an assessment (`-f json`). Its field names are a contract. Published as docs/schemas/assessment.json. */
export const assessmentSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'https://custos.dev/schemas/assessment.json',
  title: 'Custos assessment',
  type: 'object',
  required: [...summaryRequired, 'findings'],
  properties: { ...summaryProperties, findings: { type: 'array', items: findingSchema } },
  $defs: sharedDefinitions,
} as const;

/** The same without the findings, which are held against their own schema one by one. */
export const summarySchema = { type: 'object', required: summaryRequired, properties: summaryProperties } as const;

/** The same finding as a document of its own: what a line of an assessment in JSON Lines is. */
export const findingDocumentSchema = { ...findingSchema, $defs: sharedDefinitions } as const;
