import { CAUSE_CODES } from '../model/fact.ts';

export const position = {
  type: 'object',
  required: ['line', 'column'],
  properties: { line: { type: 'integer', minimum: 1 }, column: { type: 'integer', minimum: 1 } },
} as const;
export const excerpt = {
  type: 'object',
  required: ['firstLine', 'lines', 'cut'],
  properties: {
    firstLine: { type: 'integer', minimum: 1 },
    lines: { type: 'array', maxItems: 3, items: { type: 'string', maxLength: 400 } },
    cut: { type: 'integer', minimum: 0 },
  },
} as const;

/** Definitions that evidence, plans and assessments share. */
export const sharedDefinitions = {
  range: {
    type: 'object',
    required: ['file', 'start', 'end', 'digest'],
    properties: { file: { type: 'string' }, start: position, end: position, excerpt, digest: { type: 'string' }, on: { type: 'string' } },
  },
  origin: {
    type: 'object',
    required: ['kind'],
    properties: { kind: { enum: ['file', 'wire', 'command', 'derived', 'attested'] } },
    allOf: [
      { if: { properties: { kind: { const: 'file' } } }, then: { required: ['range'], properties: { range: { $ref: '#/$defs/range' } } } },
      { if: { properties: { kind: { const: 'wire' } } }, then: { required: ['target', 'exchange'] } },
      { if: { properties: { kind: { const: 'command' } } }, then: { required: ['target', 'command'] } },
      {
        if: { properties: { kind: { const: 'derived' } } },
        then: { required: ['rule', 'from'], properties: { from: { type: 'array', minItems: 1, items: { $ref: '#/$defs/origin' } } } },
      },
      { if: { properties: { kind: { const: 'attested' } } }, then: { required: ['attestation', 'range', 'by'] } },
    ],
  },
  unknown: {
    type: 'object',
    required: ['state', 'cause', 'detail'],
    properties: {
      state: { const: 'unknown' },
      cause: { enum: CAUSE_CODES },
      detail: { type: 'string' },
      origin: { $ref: '#/$defs/origin' },
    },
  },
  fact: {
    type: 'object',
    required: ['state'],
    properties: { state: { enum: ['known', 'absent', 'unknown'] } },
    allOf: [
      {
        if: { properties: { state: { const: 'known' } } },
        then: {
          required: ['value', 'origin'],
          properties: {
            value: {
              anyOf: [
                { type: ['boolean', 'number', 'string'] },
                { type: 'array', items: { $ref: '#/$defs/fact' } },
                { type: 'object', additionalProperties: { $ref: '#/$defs/fact' } },
              ],
            },
            origin: { $ref: '#/$defs/origin' },
            open: { type: 'array', minItems: 1, items: { $ref: '#/$defs/unknown' } },
          },
        },
      },
      {
        if: { properties: { state: { const: 'absent' } } },
        then: { required: ['origin'], properties: { origin: { $ref: '#/$defs/origin' } } },
      },
      { if: { properties: { state: { const: 'unknown' } } }, then: { $ref: '#/$defs/unknown' } },
    ],
  },
  target: {
    type: 'object',
    required: ['id', 'kind', 'address', 'system', 'labels', 'versions', 'options', 'declaredAt'],
    properties: {
      id: { type: 'string' },
      kind: { type: 'string' },
      address: { type: 'string' },
      system: { type: 'string' },
      labels: { type: 'object', additionalProperties: { $ref: '#/$defs/fact' } },
      versions: { type: 'object', additionalProperties: { $ref: '#/$defs/fact' } },
      declares: { type: 'string' },
      options: { type: 'object', additionalProperties: { type: 'string' } },
      declaredAt: { $ref: '#/$defs/range' },
    },
  },
  coverage: {
    type: 'object',
    required: ['status', 'gaps', 'looked'],
    properties: {
      status: { enum: ['complete', 'partial', 'failed'] },
      gaps: { type: 'array', items: { $ref: '#/$defs/unknown' } },
      looked: { $ref: '#/$defs/fact' },
    },
  },
  resource: {
    type: 'object',
    required: ['kind', 'id', 'target', 'stance', 'facts'],
    properties: {
      kind: { type: 'string' },
      id: { type: 'string' },
      target: { type: 'string' },
      stance: { enum: ['live', 'declared'] },
      facts: { type: 'object', additionalProperties: { $ref: '#/$defs/fact' } },
    },
  },
} as const;

/** JSON Schema of one target record: a line of an evidence file. Published in docs/schemas/evidence.json. */
export const recordSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  required: ['target', 'resources', 'coverage', 'gaps', 'looked', 'collectors', 'collectedAt'],
  properties: {
    target: { $ref: '#/$defs/target' },
    resources: { type: 'array', items: { $ref: '#/$defs/resource' } },
    coverage: { type: 'object', additionalProperties: { $ref: '#/$defs/coverage' } },
    gaps: { type: 'array', items: { $ref: '#/$defs/unknown' } },
    looked: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name', 'as'],
        properties: { name: { type: 'string' }, as: { type: 'string' }, digest: { type: 'string' } },
      },
    },
    collectors: { type: 'object', additionalProperties: { type: 'string' } },
    collectedAt: { type: 'string' },
  },
  $defs: sharedDefinitions,
} as const;

export const localized = {
  type: 'object',
  required: ['en', 'zh'],
  properties: { en: { type: 'string' }, zh: { type: 'string' } },
} as const;
const setting = { type: 'object', required: ['value', 'setBy'], properties: { setBy: { type: 'string' } } } as const;
export const severity = { enum: ['critical', 'high', 'medium', 'low', 'info'] } as const;

/** JSON Schema of a plan: what is judged, of what, by which rules. Published in docs/schemas/plan.json. */
export const planSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  required: ['format', 'version', 'profile', 'controls', 'targets', 'expects', 'labelDefaults', 'waivers', 'gate', 'policy', 'asOf'],
  properties: {
    format: { const: 'custos-plan' },
    version: { const: 1 },
    profile: { type: 'string' },
    controls: {
      type: 'array',
      items: {
        type: 'object',
        required: ['control', 'parameters', 'weight', 'emptyMayPass'],
        properties: {
          control: {
            type: 'object',
            required: [
              'id',
              'revision',
              'family',
              'title',
              'severity',
              'lesser',
              'scope',
              'resource',
              'message',
              'remediation',
              'parameters',
              'verification',
              'declaredAt',
              'bundled',
            ],
            properties: {
              id: { type: 'string' },
              revision: { type: 'integer' },
              family: { type: 'string' },
              title: localized,
              message: localized,
              severity,
              lesser: {
                type: 'array',
                items: { type: 'object', required: ['if', 'severity'], properties: { if: { type: 'string' }, severity } },
              },
              scope: { enum: ['resource', 'assessment', 'findings'] },
              resource: { type: 'string' },
              when: { type: 'string' },
              assert: { type: 'string' },
              attested: { type: 'object', required: ['kind', 'assert'] },
              offending: { type: 'array', items: { type: 'string' } },
              declaredAt: { $ref: '#/$defs/range' },
              bundled: { type: 'boolean' },
            },
          },
          parameters: { type: 'object', additionalProperties: setting },
          weight: setting,
          emptyMayPass: { type: 'array', items: { type: 'string' } },
          probe: { type: 'string' },
        },
      },
    },
    targets: { type: 'array', items: { $ref: '#/$defs/target' } },
    expects: { type: 'array', items: { type: 'object', required: ['kind', 'atLeast', 'setBy'] } },
    labelDefaults: { type: 'object', additionalProperties: setting },
    waivers: { type: 'array', items: { type: 'object', required: ['id', 'control', 'target', 'owner', 'reason', 'until', 'declaredAt'] } },
    gate: { type: 'object', required: ['failOn', 'undecided', 'allowUndecided'], properties: { failOn: severity } },
    policy: { type: 'array', items: { type: 'object', required: ['role', 'name', 'digest'] } },
    asOf: { type: 'string' },
    asOfGiven: { const: true, description: 'The user named asOf: it is part of the plan’s digest then.' },
    own: {
      type: 'object',
      description: 'What custos.yaml and the command line set: it stays where another profile judges.',
      required: ['parameters', 'expects', 'gate'],
      properties: {
        parameters: { type: 'object', additionalProperties: { type: 'object', additionalProperties: setting } },
        expects: { type: 'array', items: { type: 'object', required: ['kind', 'atLeast', 'setBy'] } },
        gate: { type: 'object' },
      },
    },
  },
  $defs: sharedDefinitions,
} as const;

/** JSON Schema of an evidence file's lines: a header, a record for each target, a footer. Published as docs/schemas/evidence.json. */
export const evidenceSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'https://custos.dev/schemas/evidence.json',
  title: 'A line of Custos evidence (JSON Lines)',
  anyOf: [
    {
      type: 'object',
      required: ['format', 'version', 'tool', 'planDigest', 'plan'],
      properties: {
        format: { const: 'custos-evidence' },
        version: { const: 1 },
        planDigest: { type: 'string' },
        plan: { type: 'object' },
        base: { type: 'string', description: 'Leads from where the run stood to the directory that paths are relative to.' },
        shard: { type: 'object', required: ['index', 'of'] },
      },
    },
    { type: 'object', required: recordSchema.required, properties: recordSchema.properties },
    {
      type: 'object',
      required: ['footer', 'targets', 'digest'],
      properties: { footer: { const: true }, targets: { type: 'integer' }, digest: { type: 'string' } },
    },
  ],
  $defs: sharedDefinitions,
} as const;
