/** Faults at every statement of a small load: errors that are thrown, and kills. Each time the same command ends it. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { isDeepStrictEqual } from 'node:util';
import SqliteFile from 'better-sqlite3';
import { migrationSet } from '../../../src/database/declaration.ts';
import { MeridianError } from '../../../src/shared/errors.ts';
import { WITH_BUNDLES } from '../bundled.ts';
import { fileOf } from '../databases.ts';
import { look } from '../stored.ts';
import { missedOf, momentOf, type Program, positionsIn, type Statement, type Step } from './positions.ts';
import { accountOf, fill, leftIn, loadSmall, SCENES, type SceneName, smallCatalog } from './small-load.ts';
import { watchStatements } from './statements.ts';

export interface Figures {
  statements: number;
  faults: number;
  /** Different states of the files in which a process that was killed would have left them. */
  states: number;
  /** Statements of the load of which none met an error, nor does in the scene `filled`. */
  missed?: readonly string[];
  readonly differences: unknown[];
}

interface Expected {
  readonly scene: SceneName;
  readonly before: string;
  readonly account: unknown;
  readonly left: unknown;
  readonly leftOfNewestRun: unknown;
}

/** Databases before the load, and how it ends. */
async function prepare(folder: string, scene: SceneName): Promise<Expected> {
  const before = join(folder, 'before');
  mkdirSync(before, { recursive: true });
  if (SCENES[scene].isFilled) {
    await fill(before);
  }
  const straight = copyOf(before, join(folder, 'straight'));
  const account = accountOf(await loadSmall(straight, scene));
  return { scene, before, account, left: leftIn(straight), leftOfNewestRun: leftIn(straight, true) };
}

/**
 * What a kill leaves is what stands in the files at that moment, for SQLite writes to them only while it runs a statement:
 * they are copied right before and right after every statement of one load, and every `step`th copy is loaded to its end.
 */
export async function snapshots(folder: string, scene: SceneName, step: number): Promise<Figures> {
  const expected = await prepare(folder, scene);
  const figures: Figures = { statements: 0, faults: 0, states: 0, differences: [] };
  const seen = new Map<string, string>();
  const work = copyOf(expected.before, join(folder, 'work'));
  const keep = (when: string) => {
    figures.faults++;
    const digest = digestOf(work);
    if (!seen.has(digest)) {
      copyOf(work, join(folder, 'states', String(seen.size)));
      seen.set(digest, when);
    }
  };
  figures.statements = await watchStatements(
    {
      before: (number, sql) => keep(`before ${number}: ${sql}`),
      after: (number, sql) => keep(`after ${number}: ${sql}`),
    },
    async () => {
      await loadSmall(work, scene);
    },
  );
  figures.states = seen.size;
  for (const [index, when] of [...seen.values()].entries()) {
    if (index % step !== 0) {
      continue;
    }
    figures.differences.push(...(await ended(join(folder, 'states', String(index)), expected, when, true)));
  }
  return figures;
}

/**
 * An error at statements: it is reported, unless nothing hung on it, and the same command completes the load. Of a scene other than
 * `filled`, the distinct ones are those that `filled` does not have.
 */
export async function errors(folder: string, scene: SceneName, step: Step): Promise<Figures> {
  const expected = await prepare(folder, scene);
  const figures: Figures = { statements: 0, faults: 0, states: 0, differences: [] };
  const program = await programOf(copyOf(expected.before, join(folder, 'counted')), scene);
  figures.statements = program.length;
  const known = scene === 'filled' ? [] : [await programOfFilled(join(folder, 'filled'))];
  const hit = new Set<string>();
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.on('unhandledRejection', note);
  for (const number of positionsIn(program, step, ...known)) {
    const work = copyOf(expected.before, join(folder, 'work'));
    let statement = '';
    let outcome: unknown;
    const isMoment = momentOf(program, number);
    await watchStatements(
      {
        before(_, sql, database) {
          if (isMoment(sql, database)) {
            statement = sql;
            hit.add(sql);
            throw new SqliteFile.SqliteError('database or disk is full', 'SQLITE_FULL');
          }
        },
      },
      async () => {
        outcome = await unlessHanging(loadSmall(work, scene).then(accountOf, (error: unknown) => error));
      },
    );
    figures.faults++;
    const when = `error at ${number}: ${statement}`;
    if (!(isTold(outcome) || isDeepStrictEqual(outcome, expected.account)) || unhandled.length > 0) {
      figures.differences.push({
        when,
        outcome: String(outcome),
        account: outcome,
        unhandled: unhandled.splice(0).map(String),
      });
    }
    // a copy, for one that hangs still holds its lock
    figures.differences.push(...(await ended(copyOf(work, join(folder, 'again')), expected, when, false)));
  }
  process.off('unhandledRejection', note);
  figures.missed = missedOf(program, hit, ...known);
  return figures;
}

/** The statements of a load. */
async function programOf(folder: string, scene: SceneName): Promise<Program> {
  const program: Statement[] = [];
  await watchStatements({ before: (_, text, database) => program.push({ database, text }) }, async () => {
    await loadSmall(folder, scene);
  });
  return program;
}

async function programOfFilled(folder: string): Promise<Program> {
  mkdirSync(folder);
  await fill(folder);
  return programOf(folder, 'filled');
}

/**
 * A process that is killed at every `step`th statement, by turns before and after it: what the one leaves is what the other one
 * leaves a statement later.
 */
export async function kills(folder: string, scene: SceneName, step: number): Promise<Figures> {
  const expected = await prepare(folder, scene);
  const figures: Figures = { statements: 0, faults: 0, states: 0, differences: [] };
  const program = await programOf(copyOf(expected.before, join(folder, 'counted')), scene);
  figures.statements = program.length;
  const states = new Set<string>();
  for (const [index, number] of positionsIn(program, step).entries()) {
    const when = index % 2 === 0 ? 'before' : 'after';
    const work = copyOf(expected.before, join(folder, 'work'));
    const script = join(import.meta.dirname, 'killed.js');
    const { signal, stderr } = spawnSync(process.execPath, [WITH_BUNDLES, script, work, scene, String(number), when], {
      encoding: 'utf8',
      // this process is where the last load was, which has been replaced
      cwd: folder,
    });
    if (signal !== 'SIGKILL') {
      figures.differences.push({ when: `${when} ${number}`, signal, stderr });
    }
    figures.faults++;
    states.add(digestOf(work));
    // where it died, with the locks and whatever else it left
    figures.differences.push(...(await ended(work, expected, `killed ${when} ${number}`, true)));
  }
  figures.states = states.size;
  return figures;
}

/** Runs the same command to its end. @returns what differs from the load that met no fault */
async function ended(folder: string, expected: Expected, when: string, isKilled: boolean): Promise<unknown[]> {
  const warnings: string[] = [];
  // a load that has ended keeps its rejects and its files, and the same command is a run of its own
  const isEnded = isOver(folder, expected);
  const isSameRun = isKilled && !isEnded;
  const expectedLeft = isEnded ? expected.leftOfNewestRun : expected.left;
  try {
    const account = accountOf(
      await loadSmall(folder, expected.scene, { listener: { warned: (_, sentence) => warnings.push(sentence) } }),
    );
    const left = leftIn(folder, isEnded);
    // what has gone in before an error is unchanged now; a kill is as if nothing had happened, unless it came too late
    const isSame =
      isDeepStrictEqual(left, expectedLeft) && (!isSameRun || isDeepStrictEqual(account, expected.account));
    return isSame ? [] : [{ when, account, expected: expected.account, left, expectedLeft, warnings }];
  } catch (error) {
    return [{ when, again: String(error) }];
  }
}

/** Whether the load had ended in every database, or nothing of it was to be kept. */
function isOver(folder: string, { before }: Expected): boolean {
  const states = smallCatalog.map(({ name }) => {
    const [runs = [], earlier = []] = [folder, before].map((one) =>
      look(fileOf(one, name), `select state from meridian_runs_${migrationSet(name)} order by id desc`),
    );
    return runs.length > earlier.length ? runs[0]?.['state'] : undefined;
  });
  return (
    states.every((state) => state === 'finished') ||
    states.some((state) => state === 'reverting' || state === 'reverted')
  );
}

/** What `work` gives, or that it never will: it waits for something, and nothing is left in this process that could happen. */
async function unlessHanging<T>(work: Promise<T>): Promise<T | 'hangs'> {
  const { promise, resolve } = Promise.withResolvers<'hangs'>();
  const stop = () => resolve('hangs');
  process.once('beforeExit', stop);
  try {
    return await Promise.race([work, promise]);
  } finally {
    process.off('beforeExit', stop);
  }
}

/** An error that a user understands, of the populate itself or of one of its databases. */
function isTold(outcome: unknown): boolean {
  if (outcome instanceof Error || outcome === 'hangs') {
    return outcome instanceof MeridianError && outcome.message.includes('disk is full');
  }
  return Object.values(outcome as Record<string, { failure?: string } | undefined>).some((account) =>
    account?.failure?.includes('disk is full'),
  );
}

function copyOf(from: string, to: string): string {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  for (const { parentPath, name } of filesIn(from)) {
    const below = join(parentPath, name).slice(from.length);
    cpSync(join(from, below), join(to, below));
  }
  return to;
}

function digestOf(folder: string): string {
  const hash = createHash('sha256');
  for (const { parentPath, name } of filesIn(folder)) {
    hash.update(`${join(parentPath, name)}\n`).update(readFileSync(join(parentPath, name)));
  }
  return hash.digest('hex');
}

/** Without what only living processes share: locks, and the index of a write-ahead log. */
function filesIn(folder: string) {
  return existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
        (entry) => entry.isFile() && !/\.lock|-shm$/.test(entry.name),
      )
    : [];
}
