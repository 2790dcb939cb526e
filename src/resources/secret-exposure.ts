import { list, record, resourceKind, string } from './kind.ts';

const exposedSecret = record('ExposedSecret', {
  name: { type: string, doc: 'What it is called where it stands; never the value.', example: '"POSTGRES_PASSWORD"' },
  label: {
    type: string,
    doc: 'The name with eight bits of a digest of the value: they tell that it became another one, and too little to guess it by. Of credentials that may cross a network in clear, what lets them.',
    example: '"POSTGRES_PASSWORD #3f"',
  },
});

/** One file that was read, and the secrets that stand in it in the clear; or a target's own line that lets credentials cross a network so. */
export const secretExposure = resourceKind({
  name: 'secret.exposure',
  title: { en: 'Secrets in a file', zh: '文件中的密钥' },
  doc: 'One file that was read, with every secret that stands in it in the clear; or a target on which `insecure: true` stands, with its credentials. The values are never kept.',
  key: 'path of the file, or `insecure: true`',
  attributes: {
    file: { type: string, doc: 'Path.', example: '"docker-compose.yml"' },
    secrets: {
      type: list(exposedSecret),
      doc: 'Secrets in the clear; open where the file did not parse.',
      example: '[{ name: "POSTGRES_PASSWORD" }]',
    },
  },
});
