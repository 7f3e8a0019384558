/** Faults at every statement of a story; each time it runs again, and has to end as if it had run once. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { isDeepStrictEqual } from 'node:util';
import { WITH_BUNDLES } from '../bundled.ts';
import { missedOf, momentOf, type Program, positionsIn, type Statement, type Step } from '../faults/positions.ts';
import '../faults/server-statements.ts';
import { watchStatements } from '../faults/statements.ts';
import type { Stage } from './stages.ts';
import { useFiles } from './stages.ts';
import { account, prologue, type ReadResult, runStory, withAccount } from './story.ts';

export interface Figures {
  /** In one run without a fault. */
  statements: number;
  faults: number;
  /** Faults that made the story fail. */
  failed: number;
  /** Statements of the story of which none met an error. */
  missed?: readonly string[];
  readonly differences: unknown[];
}

async function prepareStory(stage: Stage): Promise<unknown> {
  await prologue();
  await stage.keep();
  await runStory();
  return account();
}

/** The statements of one run. */
async function programOf(stage: Stage): Promise<Program> {
  await stage.reset();
  const program: Statement[] = [];
  await watchStatements({ before: (_, text, database) => program.push({ database, text }) }, runStory);
  return program;
}

/** An error before statements, so that they are not run, and after them, so that their answer is lost. */
export async function errors(stage: Stage, step: Step): Promise<Figures> {
  const expected = await prepareStory(stage);
  return withResults(stage, (read) => makeErrors(stage, step, expected, read));
}

async function makeErrors(stage: Stage, step: Step, expected: unknown, read: ReadResult): Promise<Figures> {
  const program = await programOf(stage);
  const figures: Figures = { statements: program.length, faults: 0, failed: 0, differences: [] };
  const hit = new Set<string>();
  for (const when of ['before', 'after'] as const) {
    for (const number of positionsIn(program, step)) {
      await stage.reset();
      let statement = '';
      const isMoment = momentOf(program, number);
      const fail = (_: number, sql: string, database: string) => {
        if (isMoment(sql, database)) {
          statement = sql;
          hit.add(sql);
          throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
        }
      };
      await watchStatements(when === 'before' ? { before: fail } : { after: fail }, () =>
        runStory().catch(() => {
          figures.failed++;
        }),
      );
      figures.faults++;
      await tellAgain(figures, expected, read, `error ${when} ${number}: ${statement}`);
    }
  }
  figures.missed = missedOf(program, hit);
  return figures;
}

/**
 * What a kill leaves is what stands in the files at that moment: they are copied right before and right after every
 * statement, and the story runs again with each copy.
 */
export async function snapshots(stage: Stage, folder: string): Promise<Figures> {
  const expected = await prepareStory(stage);
  await stage.reset();
  const figures: Figures = { statements: 0, faults: 0, failed: 0, differences: [] };
  const files = join(folder, 'databases');
  const seen = new Map<string, string>();
  const keep = (when: string) => {
    figures.faults++;
    const digest = digestOf(files);
    if (!seen.has(digest)) {
      cpSync(files, join(folder, 'states', String(seen.size)), { recursive: true });
      seen.set(digest, when);
    }
  };
  figures.statements = await watchStatements(
    {
      before: (number, sql) => keep(`killed before ${number}: ${sql}`),
      after: (number, sql) => keep(`killed after ${number}: ${sql}`),
    },
    runStory,
  );
  for (const [index, when] of [...seen.values()].entries()) {
    useFiles(join(folder, 'states', String(index)));
    await tellAgain(figures, expected, account, when);
  }
  return figures;
}

/**
 * A process that is killed at every `step`th statement, by turns before and after it: what the one leaves is what the other one
 * leaves a statement later.
 */
export async function kills(stage: Stage, step: number): Promise<Figures> {
  const expected = await prepareStory(stage);
  return withResults(stage, (read) => makeKills(stage, step, expected, read));
}

async function makeKills(stage: Stage, step: number, expected: unknown, read: ReadResult): Promise<Figures> {
  const program = await programOf(stage);
  const figures: Figures = { statements: program.length, faults: 0, failed: 0, differences: [] };
  for (const [index, number] of positionsIn(program, step).entries()) {
    const when = index % 2 === 0 ? 'before' : 'after';
    await stage.reset();
    const script = join(import.meta.dirname, 'killed.js');
    const { signal, stderr } = spawnSync(process.execPath, [WITH_BUNDLES, script, String(number), when], {
      encoding: 'utf8',
    });
    figures.faults++;
    if (signal !== 'SIGKILL') {
      figures.differences.push({ when: `${when} ${number}`, signal, stderr });
    }
    await tellAgain(figures, expected, read, `killed ${when} ${number}`);
  }
  return figures;
}

/** Opening the databases is part of the story; reading what it came to need not open them each time. */
function withResults(stage: Stage, work: (read: ReadResult) => Promise<Figures>): Promise<Figures> {
  return stage.staysConnected ? withAccount(work) : work(account);
}

async function tellAgain(figures: Figures, expected: unknown, read: ReadResult, when: string): Promise<void> {
  try {
    await runStory();
    const actual = await read();
    if (!isDeepStrictEqual(actual, expected)) {
      figures.differences.push({ when, actual, expected });
    }
  } catch (error) {
    figures.differences.push({ when, again: String(error) });
  }
}

function digestOf(folder: string): string {
  const hash = createHash('sha256');
  for (const name of existsSync(folder) ? readdirSync(folder).sort() : []) {
    // the index of a log is made again from the log
    if (!name.endsWith('-shm')) {
      hash.update(name).update(readFileSync(join(folder, name)));
    }
  }
  return hash.digest('hex');
}
