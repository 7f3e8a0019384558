/** Kills the real process again and again, lets it end, and compares with a run that was never interrupted. */
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { differencesOf, firstDifference, look } from '../stored.ts';
import { DATABASES, expectDone, type Load, populate, prepareLoads } from './loads.ts';
import { hasEnded, type Moment, momentsOf, nameOf, stageOf, watchedStage } from './moments.ts';

export interface Figures {
  /** What repeats the moments, as far as a machine repeats itself. */
  readonly seed: number;
  kills: number;
  /** Loads that were killed several times and then ended. */
  loads: number;
  /** What differs from an uninterrupted run. */
  readonly differences: unknown[];
  /** How far so many of them were when they were killed. */
  readonly stages: Record<string, number>;
}

const KILLS_A_LOAD = 15;
const POLL_MILLISECONDS = 3;

/** @param folder an empty one, for everything that is written */
export async function killTrials(folder: string, kills: number, seed: number, records: number): Promise<Figures> {
  const generator = xoroshiro128plus(seed);
  const random = () => uniformFloat64(generator);
  const figures: Figures = { seed, kills: 0, loads: 0, differences: [], stages: {} };
  const loads = await prepareLoads(folder, records);
  while (figures.kills < kills && figures.differences.length === 0) {
    const load = loads[figures.loads % loads.length] as Load;
    const cwd = join(folder, 'killed');
    cpSync(load.before, cwd, { recursive: true });
    const wanted = Math.min(KILLS_A_LOAD, kills - figures.kills);
    for (const moment of momentsOf(random, wanted, records * DATABASES.length)) {
      if (hasEnded(stageOf(cwd, load.runsBefore))) {
        break;
      }
      await killAt(cwd, load, moment, figures);
    }
    figures.differences.push(...(await completed(cwd, load)));
    figures.loads++;
    if (figures.differences.length === 0) {
      rmSync(cwd, { recursive: true });
    }
  }
  return figures;
}

async function killAt(cwd: string, load: Load, moment: Moment, figures: Figures): Promise<void> {
  let killing: Promise<void> | undefined;
  const { code, stderr } = await populate(cwd, load.args, (child) => {
    const ended = new Promise<true>((resolve) => child.once('exit', () => resolve(true)));
    const stage = watchedStage(cwd, load.runsBefore);
    killing = (async () => {
      while (!moment.isReached(stage())) {
        if (await Promise.race([ended, pause(POLL_MILLISECONDS, false)])) {
          return;
        }
      }
      await Promise.race([ended, pause(moment.moreMilliseconds)]);
      child.kill('SIGKILL');
    })();
  });
  await killing;
  if (code === null) {
    const name = nameOf(stageOf(cwd, load.runsBefore));
    figures.kills++;
    figures.stages[name] = (figures.stages[name] ?? 0) + 1;
  } else if (code !== 0) {
    figures.differences.push({ load: load.what, code, stderr });
  }
}

/** Runs the same command to its end, unless it has come to it already. @returns what differs */
async function completed(cwd: string, load: Load): Promise<unknown[]> {
  const differences: unknown[] = [];
  if (!hasEnded(stageOf(cwd, load.runsBefore))) {
    const report = expectDone(await populate(cwd, load.args));
    if (!isDeepStrictEqual(report, load.report)) {
      differences.push({ report, expected: load.report });
    }
  }
  for (const name of DATABASES) {
    const file = join('databases', `${name}.db`);
    const rejects = join('rejects', `${name}.ndjson`);
    differences.push(
      ...differencesOf(name, join(cwd, file), join(load.expected, file)),
      ...firstDifference(join(cwd, rejects), join(load.expected, rejects)),
      ...look(join(cwd, file), `select 'a batch is left' as difference, * from meridian_run_batches_${name} limit 3`),
    );
    // indexes are deferred while a table is filled
    const [schema, schemaExpected] = [cwd, load.expected].map((one) => look(join(one, file), SCHEMA));
    if (!isDeepStrictEqual(schema, schemaExpected)) {
      differences.push({ schema, schemaExpected });
    }
    const [kept, keptExpected] = [cwd, load.expected].map((one) =>
      look(join(one, file), `${REJECTS}_${name} order by run, number`),
    );
    if (!isDeepStrictEqual(kept, keptExpected)) {
      differences.push({ rejects: kept?.length, expected: keptExpected?.length });
    }
    const [runs, expected] = [cwd, load.expected].map((one) =>
      look(join(one, file), `${COUNTS} from meridian_runs_${name}`),
    );
    if (!isDeepStrictEqual(runs, expected)) {
      differences.push({ runs, expected });
    }
  }
  for (const directory of ['databases', 'rejects']) {
    const [files, expected] = [cwd, load.expected].map((one) => readdirSync(join(one, directory)).sort());
    if (!isDeepStrictEqual(files, expected)) {
      differences.push({ files, expected });
    }
  }
  return differences.map((difference) => ({ load: load.what, difference }));
}

/** Without the run, which is another one. */
const REJECTS = 'select number, file, line, record, errors from meridian_rejects';
const SCHEMA = 'select name, sql from sqlite_master order by name';
const COUNTS = 'select state, read, inserted, updated, unchanged, rejected, reasons, details';
