/** Routes of migrations: the applied and pending ones, and the SQL of the pending ones. Migrations are applied on the command line. */
import type { Route } from '../config/route.ts';
import type { DatabaseDeclaration } from '../database/declaration.ts';
import { eachDatabase, type Result } from '../database/each-database.ts';
import { type MigrationStatus, migrationStatus, pendingMigrations } from '../database/migrate.ts';
import { isThere } from '../database/open-migrated.ts';
import type { OpenDatabases } from './databases.ts';

const TAG = 'Migrations';
const NAMES = { type: 'array', items: { type: 'string' } } as const;

const STATUS = {
  type: 'object',
  properties: {
    database: { type: 'string' },
    state: { enum: ['known', 'missing', 'failing'] },
    executed: NAMES,
    pending: NAMES,
    unknown: { ...NAMES, description: 'Executed, and this version has no file of them' },
    drift: { type: 'boolean', description: 'Whether the entities differ from the last migration' },
    reason: { type: ['string', 'null'] },
  },
  required: ['database', 'state', 'reason'],
} as const;

const PENDING = {
  type: 'array',
  items: {
    type: 'object',
    properties: { name: { type: 'string' }, statements: NAMES },
    required: ['name', 'statements'],
  },
} as const;

/** @param others databases of modules that have migrations but whose rows are not served */
export function migrationRoutes(
  databases: OpenDatabases,
  others: () => readonly DatabaseDeclaration[],
): readonly Route[] {
  const only = { create: false, lock: false };
  return [
    {
      id: 'listMigrations',
      method: 'GET',
      path: '/api/migrations',
      role: 'read',
      summary: 'Lists the applied and the pending migrations of each database',
      tag: TAG,
      answers: {
        200: {
          description: 'The databases',
          schema: {
            type: 'object',
            properties: { databases: { type: 'array', items: STATUS } },
            required: ['databases'],
          },
        },
      },
      async handle() {
        const declared = [...databases.declarations(), ...others()];
        const results = await eachDatabase(declared, only, migrationStatus);
        return { body: { databases: await Promise.all(results.map((one) => statusOf(declared, one))) } };
      },
    },
    {
      id: 'previewMigrations',
      method: 'POST',
      path: '/api/migrations/{database}/preview',
      role: 'operate',
      params: { database: { type: 'string', description: 'The name of the database' } },
      summary: 'Shows the SQL that the pending migrations of a database would run',
      description: 'They run in a transaction that is rolled back, since a migration may look at what it changes.',
      tag: TAG,
      answers: {
        200: {
          description: 'The migrations in their order',
          schema: { type: 'object', properties: { pending: PENDING }, required: ['pending'] },
        },
        404: { description: 'There is no such database' },
      },
      async handle({ params: { database = '' } }) {
        const declared = others().find(({ name }) => name === database) ?? databases.declarationOf(database);
        const [result] = await eachDatabase([declared], only, pendingMigrations);
        if (result !== undefined && 'error' in result) {
          throw result.error;
        }
        return { body: { pending: result?.value ?? [] } };
      },
    },
  ];
}

async function statusOf(declared: readonly DatabaseDeclaration[], result: Result<MigrationStatus>): Promise<object> {
  const { name: database } = result;
  const declaration = declared.find(({ name }) => name === database);
  const exists = declaration === undefined || (await isThere(declaration).catch(() => true));
  return 'error' in result
    ? { database, state: exists ? 'failing' : 'missing', reason: result.error.message }
    : { database, state: exists ? 'known' : 'missing', reason: null, ...result.value };
}
