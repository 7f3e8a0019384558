/** A PostgreSQL server, a connection or the process itself dies in mid-load: a clear error, and a re-run that completes. */
import type { ChildProcess } from 'node:child_process';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { type Breakpoint, breakpoint } from '../support/breakpoint/breakpoint.ts';
import { type CommandResult, meridian } from '../support/command.ts';
import { describeWithPostgresql, makePostgresqlPlace, type Place, postgresqlPlace } from '../support/engines.ts';
import {
  contentsOf,
  longLoad,
  NAMES,
  type Outcome,
  outcomeOf,
  readIn,
  undisturbed,
  untilRead,
} from '../support/long-load.ts';
import { connect } from '../support/postgresql/fresh.ts';
import { type PostgresqlServer, startPostgresql } from '../support/postgresql/server.ts';
import { until } from '../support/until.ts';

/** Two transactions each, in one thread. */
const FEW = 11_000;
/** The same, enough to be loaded in threads. */
const MANY = 14_000;

const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) {
    child.kill('SIGKILL');
  }
});

interface Load {
  readonly child: ChildProcess;
  readonly result: Promise<CommandResult>;
}

async function start(place: Place, count: number, env: NodeJS.ProcessEnv = {}): Promise<Load> {
  const started = Promise.withResolvers<ChildProcess>();
  const result = longLoad(place, count, { env, during: started.resolve });
  const child = await started.promise;
  children.push(child);
  return { child, result };
}

/** A load that is stopped once it has committed something. */
async function startStopped(place: Place, count: number): Promise<Load & Pick<Breakpoint, 'resume'>> {
  const { env, reached, resume } = breakpoint('after-commit');
  const load = await start(place, count, env);
  await reached(load.child);
  return { ...load, resume };
}

/** The errors that a command reports for one database. */
function errorsOf(database: string, { stderr }: CommandResult): string[] {
  return stderr.split('\n').filter((line) => line.startsWith(`Error: ${database}:`));
}

async function finished(place: Place, count: number): Promise<Outcome> {
  const result = await longLoad(place, count);
  expect({ code: result.code, stderr: result.stderr }).toEqual({ code: 0, stderr: '' });
  return outcomeOf(place, result);
}

describeWithPostgresql('PostgreSQL', () => {
  let few: Outcome;
  let many: Outcome;

  beforeAll(async () => {
    few = await undisturbed(FEW);
    many = await undisturbed(MANY);
  });

  describeWithPostgresql('a server that crashes in mid-load', () => {
    let server: PostgresqlServer;

    beforeAll(async () => {
      server = await startPostgresql();
    });

    afterAll(() => server.remove());

    test.each([
      ['in one thread', FEW, () => few],
      ['in threads', MANY, () => many],
    ])('%s', async (name, count, expected) => {
      const place = postgresqlPlace(`${server.url}/postgres?schema=${encodeURIComponent(name)}`);
      const { result, resume } = await startStopped(place, count);
      await server.crash();
      resume();
      const broken = await result;
      await server.start();
      expect(broken.code).toBe(1);
      for (const database of NAMES) {
        expect(errorsOf(database, broken)).toEqual([
          expect.stringMatching(/(was lost|no PostgreSQL server answers).*run the same command again/i),
        ]);
      }
      expect(await finished(place, count)).toEqual(expected());
    });
  });

  test('the connection of one load is cut: the others finish, and the re-run completes', async () => {
    const place = await makePostgresqlPlace();
    await meridian(['migrate'], { cwd: place.folder, env: place.environment(...NAMES) });
    // holds the load in the middle of a transaction, for a connection that is idle when it is cut is only replaced
    const holder = await connect(place.url('users'));
    await holder.query('begin');
    await holder.query(`insert into users (id, name, email) values (5001, 'Held', 'held@example.com')`);
    const { result } = await start(place, FEW);
    const blocked = `from pg_stat_activity where application_name like 'meridian users pid %' and wait_event_type = 'Lock'`;
    await until('a load that waits', async () => (await place.execute('users', `select 1 ${blocked}`)).length > 0);
    await place.execute('users', `select pg_terminate_backend(pid) ${blocked}`);
    await holder.end();
    const broken = await result;
    expect(broken.code).toBe(1);
    expect(broken.stderr).toMatch(/users: the connection to .* was lost/);
    await finished(place, FEW);
    expect(await contentsOf(place)).toEqual(few.contents);
  });

  test('a process that is killed again and again is continued each time', async () => {
    const place = await makePostgresqlPlace();
    let kills = 0;
    for (let read = 0; read < FEW; read = await readIn(place, 'users')) {
      const { child, result } = await startStopped(place, FEW);
      child.kill('SIGKILL');
      expect((await result).code).toBeNull();
      kills++;
    }
    expect(kills).toBeGreaterThan(1);
    expect(await finished(place, FEW)).toEqual(few);
  });

  test('of two at once, the second waits or names the other process', async () => {
    const place = await makePostgresqlPlace();
    const first = await start(place, FEW);
    await untilRead(place, 'users', 0);
    const second = await longLoad(place, FEW);
    if (second.code === 0) {
      expect((await outcomeOf(place, second)).counts['users']).toMatchObject({ inserted: 0 });
    } else {
      expect(second.stderr).toMatch(
        new RegExp(
          `users: another populate or migration is running on this database \\(process ${first.child.pid} on .*, since \\d{4}-`,
        ),
      );
    }
    expect((await first.result).code).toBe(0);
    expect(await contentsOf(place)).toEqual(few.contents);
  });
});
