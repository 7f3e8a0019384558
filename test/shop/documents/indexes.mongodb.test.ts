/** Commands on all databases, with documents on MongoDB: it is selected by name like any other, and listed among the results. */
import process from 'node:process';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { statusOfStore } from '../../../src/cli/commands/migrate.command.ts';
import { eachTarget } from '../../../src/cli/commands/migrate.targets.ts';
import { migrateUp, migrationStatus } from '../../../src/database/migrate.ts';
import { fileOf } from '../../support/databases.ts';
import { makeFolder } from '../../support/folder.ts';
import { describeWithMongodb } from '../../support/mongodb/available.ts';
import { type MongodbServer, startMongodb } from '../../support/mongodb/server.ts';
import { project } from '../../support/project.ts';
import { migrationsOf, ownMigrationsOf } from '../../support/schema.ts';

const NAMES = ['users', 'documents'];
const INDEXES = [
  'order_documents.user',
  'order_documents.placed_at',
  'order_documents.region_epoch',
  'component_lists.component',
];
const variable = (name: string) => `${name.toUpperCase()}_DATABASE_URL`;
const allOf = (name: string) => [...migrationsOf(name), ...ownMigrationsOf(name)];

const up = (names: readonly string[]) =>
  eachTarget(project, names, { create: true, lock: true }, migrateUp, (store) => store.ensure());

beforeEach(() => {
  const folder = makeFolder();
  for (const name of NAMES) {
    process.env[variable(name)] = `sqlite:${fileOf(folder, name)}`;
  }
});

afterEach(() => {
  for (const name of NAMES) {
    delete process.env[variable(name)];
  }
});

test('documents in tables are a database like any other', async () => {
  expect(await up(['documents'])).toEqual([{ name: 'documents', value: allOf('documents') }]);
});

test('a server that does not answer is an error among results', async () => {
  process.env[variable('documents')] = 'mongodb://127.0.0.1:1/shop?serverSelectionTimeoutMS=300';
  expect(await up(['users', 'documents'])).toEqual([
    { name: 'users', value: allOf('users') },
    { name: 'documents', error: expect.objectContaining({ code: 'database' }) },
  ]);
});

test('a server that does not answer is not asked when other databases are selected', async () => {
  process.env[variable('documents')] = 'mongodb://127.0.0.1:1/shop?serverSelectionTimeoutMS=300';
  expect(await up(['users'])).toEqual([{ name: 'users', value: allOf('users') }]);
});

describeWithMongodb('MongoDB', () => {
  let server: MongodbServer;
  beforeAll(async () => {
    server = await startMongodb();
  });
  afterAll(() => server?.remove());
  beforeEach(() => {
    process.env[variable('documents')] = `${server.url}/each`;
  });

  test('indexes are listed in the place of migrations', async () => {
    const status = (names: readonly string[]) =>
      eachTarget(
        project,
        names,
        { create: false, lock: false },
        async (database) => ({ ...(await migrationStatus(database)), missing: database.isMissing }),
        statusOfStore,
      );
    const statusOfDocuments = (pending: readonly string[]) => ({
      name: 'documents',
      value: { executed: [], pending, unknown: [], drift: false, missing: false },
    });
    expect(await status(['documents'])).toEqual([statusOfDocuments(INDEXES)]);
    expect(await up(['documents', 'users'])).toEqual([
      { name: 'users', value: allOf('users') },
      { name: 'documents', value: INDEXES },
    ]);
    expect(await up(['documents'])).toEqual([{ name: 'documents', value: [] }]);
    expect(await status(['documents', 'users'])).toMatchObject([
      { name: 'users', value: { pending: [] } },
      statusOfDocuments([]),
    ]);
  });

  test('an unknown name is refused', async () => {
    await expect(up(['documents', 'x'])).rejects.toThrow('There is no database "x"');
  });
});
