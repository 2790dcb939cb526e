import { PROBE_CLASSES } from '../model/resource.ts';
import { expectsSchema, gateSchema } from './profile.ts';

/** Duties of people who move or guard money; who holds two that exclude each other can do so alone. */
export const DUTIES = ['initiate', 'approve', 'release', 'reconcile', 'administer', 'audit'] as const;

const names = { type: 'array', items: { type: 'string' } } as const;
const scalar = { type: ['string', 'number', 'boolean'] } as const;
const parameterValue = { type: ['boolean', 'number', 'string', 'array'] } as const;

/** Names that custos.yaml may use, as the collectors that there are know them. */
export interface ConfigurationNames {
  readonly kinds: readonly string[];
  readonly formats: readonly string[];
  readonly products: readonly string[];
}

/** JSON Schema of custos.yaml. Published as docs/schemas/custos.json. */
export function configurationSchema({ kinds, formats, products }: ConfigurationNames): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'https://custos.dev/schemas/custos.json',
    title: 'custos.yaml',
    type: 'object',
    additionalProperties: false,
    properties: {
      profile: { type: 'string', description: 'A bundled profile’s id, or the path of a profile file.' },
      targets: {
        type: 'array',
        items: {
          type: 'object',
          required: ['id'],
          additionalProperties: false,
          properties: {
            id: {
              type: 'string',
              pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$',
              examples: ['edge-1'],
              description: 'Stable name of the target; findings and waivers carry it.',
            },
            ...Object.fromEntries(kinds.map((kind) => [kind, { type: 'string', minLength: 1 }])),
            system: { type: 'string', description: 'Groups what belongs together; resources of one system see each other.' },
            labels: { type: 'object', additionalProperties: scalar },
            versions: {
              type: 'object',
              description: 'Product → version: what the product defaults are taken from.',
              properties: Object.fromEntries(products.map((product) => [product, scalar])),
              additionalProperties: false,
            },
            declares: { type: 'string', description: 'The live target that these files claim to describe.' },
            root: { type: 'string', description: 'Where the machine’s / is, below the target: maps absolute includes.' },
            format: { enum: formats, description: 'Reads every file of the target in this format.' },
            sni: { type: 'string', description: 'Server name to ask for, in the place of the host’s.' },
            proxy: { type: 'string', description: 'http://host:port or socks5://host:port.' },
            ca: { type: 'string', description: 'PEM file of authorities that are trusted besides the Mozilla roots.' },
            http_port: { type: ['string', 'integer'], description: 'Port of the same host that answers in clear (default 80 beside 443).' },
            password: { type: 'string', description: 'A reference, ${env:NAME} or ${file:PATH}; never the password itself.' },
            user: { type: 'string', minLength: 1, description: 'Account to log in as, where the address names none.' },
            key: { type: 'string', description: 'Private key file for SSH; else the agent’s and the user’s own.' },
            known_hosts: { type: 'string', description: 'Known host keys for SSH; else the user’s and the machine’s.' },
            insecure: { const: true, description: 'Credentials may cross the network without verified TLS. A finding by itself (IAM-16).' },
            duties: {
              type: 'object',
              description:
                'Duty → what amounts to it on this target: "role NAME", "group NAME", or a right as identity.principal.rights names it.',
              propertyNames: { enum: DUTIES },
              additionalProperties: { ...names, minItems: 1 },
            },
            private_paths: { ...names, description: 'Paths of pages that show balances or identity.' },
            payment_paths: { ...names, description: 'Paths of login and payment pages.' },
            probes: {
              type: 'array',
              items: { enum: PROBE_CLASSES },
              description: 'Opt-in probe classes; `intrusive` needs `authorisation:`.',
            },
          },
        },
      },
      controls: { ...names, description: 'Directories of your own controls.' },
      parameters: { type: 'object', additionalProperties: { type: 'object', additionalProperties: parameterValue } },
      expects: expectsSchema,
      gate: gateSchema,
      waivers: { type: 'string', description: 'Path of the waivers file.' },
      baseline: { type: 'string', description: 'Path of an earlier assessment (JSON).' },
      authorisation: {
        type: 'object',
        required: ['by', 'reference', 'until'],
        additionalProperties: false,
        description: 'Who allows intrusive probes of the targets in this file, by which document, until when.',
        properties: {
          by: { type: 'string', minLength: 1 },
          reference: { type: 'string', minLength: 1 },
          until: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'Last day it holds; it ends at 24:00 UTC.' },
        },
      },
      output: {
        type: 'array',
        items: {
          type: 'object',
          required: ['format', 'path'],
          additionalProperties: false,
          properties: { format: { type: 'string' }, path: { type: 'string' } },
        },
      },
    },
  };
}

const pattern = {
  description: 'an exact name, or a pattern written as { glob: "edge-*" }',
  anyOf: [
    { type: 'string', minLength: 1 },
    { type: 'object', required: ['glob'], additionalProperties: false, properties: { glob: { type: 'string', minLength: 1 } } },
  ],
} as const;

/** JSON Schema of a waivers file. Published as docs/schemas/waivers.json. */
export const waiversSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'https://custos.dev/schemas/waivers.json',
  title: 'Custos waivers',
  type: 'object',
  required: ['waivers'],
  additionalProperties: false,
  properties: {
    waivers: {
      type: 'array',
      items: {
        type: 'object',
        required: ['control', 'target', 'owner', 'reason', 'until'],
        additionalProperties: false,
        properties: {
          id: { type: 'string' },
          control: pattern,
          target: pattern,
          resource: pattern,
          offenders: { ...names, description: 'Texts or digests of the offenders it knows; more than these is worse.' },
          owner: { type: 'string', minLength: 1 },
          reason: { type: 'string', minLength: 1 },
          until: {
            type: 'string',
            pattern: '^\\d{4}-\\d{2}-\\d{2}$',
            examples: ['2026-12-31'],
            description: 'Last day it holds; it ends at 24:00 UTC.',
          },
        },
      },
    },
  },
} as const;
