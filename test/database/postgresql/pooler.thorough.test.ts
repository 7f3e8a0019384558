/** Behind a pooler that shares sessions nothing is done, and the sentence says what to do; behind one that does not, all is as ever. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { Database } from '../../../src/database/database.ts';
import { postgresqlEngine } from '../../../src/database/postgresql/engine.ts';
import type { PostgresqlLocation } from '../../../src/database/postgresql/url.ts';
import { users } from '../../../src/shop/catalog.ts';
import { meridian } from '../../support/command.ts';
import { countsOf, populateIn } from '../../support/databases.ts';
import { depth } from '../../support/depth.ts';
import {
  apart,
  describeWithPostgresql,
  makePostgresqlPlace,
  type Place,
  postgresqlPlace,
} from '../../support/engines.ts';
import { query } from '../../support/postgresql/fresh.ts';
import { type PoolerOptions, startPooler } from '../../support/postgresql/pooler.ts';
import { sourceOf } from '../../support/sources.ts';

const opened: Database[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
});

/** A fresh database, directly and by way of a pooler. */
async function places(options: PoolerOptions): Promise<{ readonly direct: Place; readonly pooled: Place }> {
  const direct = await makePostgresqlPlace();
  const urlOf = await startPooler(direct.url('users'), options);
  return { direct, pooled: postgresqlPlace(urlOf(direct.url('users'))) };
}

const leftLocks = ({ url }: Place) =>
  query(
    url('users'),
    "select objid from pg_locks join pg_database d on d.oid = database where locktype = 'advisory' and datname = current_database()",
  );

const tables = ({ url }: Place) =>
  query(url('users'), "select 1 from pg_tables where schemaname not in ('pg_catalog', 'information_schema')");

describeWithPostgresql('PostgreSQL', () => {
  const ways = [
    ['each in its turn', 'oldest'],
    ['the newest', 'newest'],
  ] as const;

  describe.each(ways.slice(0, depth(1, ways.length)))(
    'a pooler in transaction mode that gives sessions, %s',
    (_, next) => {
      test('is refused before anything is set, written or locked', async () => {
        const { direct, pooled } = await places({ mode: 'transaction', next });
        const sharing = {
          code: 'database',
          message: expect.stringMatching(
            /^users: the pooler at 127\.0\.0\.1:\d+ runs in transaction or statement mode, where connections share sessions: .*Connect to the PostgreSQL server itself, or to a pooler in session mode\.$/,
          ),
        };
        await expect(Database.open(users, pooled.options('users'))).rejects.toMatchObject(sharing);
        const { location } = pooled.options('users');
        const engine = postgresqlEngine(location as PostgresqlLocation, 'users');
        const lock = engine.lock({ database: 'users', isReadOnly: false, waitSeconds: 0 });
        await expect(lock).rejects.toMatchObject(sharing);
        expect(await leftLocks(direct)).toEqual([]);
        expect(await tables(direct)).toEqual([]);
      });

      test('is refused by every kind of command', async () => {
        const { direct, pooled } = await places({ mode: 'transaction', next });
        const names = ['users', 'products', 'orders', 'orders.boston', 'central', 'documents'];
        const options = { cwd: pooled.folder, env: { ...apart(pooled).environment(...names), REGIONS: 'boston' } };
        const commands = [
          ['sync'],
          ['populate', '--region', 'boston'],
          ['populate', '--dry-run'],
          ['migrate'],
          ['verify'],
          ['regions', 'add', 'boston'],
          ['order', 'place', '--region', 'boston', '--user', '1', '--item', '1x1'],
          ['runs'],
          ['documents', 'status'],
        ];
        for (const args of commands.slice(0, depth(2, commands.length))) {
          const { code, stderr } = await meridian(args, options);
          expect({ args, stderr }).toEqual({
            args,
            stderr: expect.stringContaining('or to a pooler in session mode.'),
          });
          expect({ args, code }).toEqual({ args, code: 1 });
        }
        expect(await leftLocks(direct)).toEqual([]);
        expect(await tables(direct)).toEqual([]);
      });
    },
  );

  test('a pooler in session mode is as good as the server', async () => {
    const { direct, pooled } = await places({ mode: 'session' });
    const sources = { users: sourceOf([{ id: 1, name: 'Ann', email: 'ann@example.com' }]) };
    const report = await populateIn(pooled, { sources });
    expect(countsOf(report)).toMatchObject({ users: { inserted: 1, rejected: 0 } });
    expect(await direct.rowsOf('users')).toMatchObject([{ id: 1, name: 'Ann' }]);
    expect(await leftLocks(direct)).toEqual([]);
  });
});
