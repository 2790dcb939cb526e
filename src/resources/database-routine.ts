import { bool, resourceKind, string } from './kind.ts';

/** A function that runs with the rights of its owner. */
export const databaseRoutine = resourceKind({
  name: 'database.routine',
  title: { en: 'Definer routine', zh: '定义者权限例程' },
  doc: 'A function or procedure that runs with its owner’s rights, whoever calls it (SECURITY DEFINER). Those of the product itself aside.',
  key: 'database, schema, name and types of its arguments',
  attributes: {
    name: { type: string, doc: 'Schema, name and types of arguments.', example: '"ledger.release(bigint)"', live: true },
    database: { type: string, doc: 'Database that it lies in.', example: '"ledger"', live: true },
    owner: { type: string, doc: 'Whose rights it has.', example: '"ledger_owner"', live: true },
    owner_superuser: { type: bool, doc: 'Its owner may do everything.', example: 'false', live: true },
    search_path_pinned: {
      type: bool,
      doc: 'It sets its own search_path, without places where its callers can put what it finds.',
      example: 'true',
      live: true,
    },
    executable_by_all: { type: bool, doc: 'Everybody may call it.', example: 'false', live: true },
  },
});
