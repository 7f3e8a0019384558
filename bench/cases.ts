/** What Meridian alone is measured by: files that are loaded again, records that are rejected, and how long garbage is collected. */
import {
  createReadStream,
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { meridianOnSqlite } from './contestants/meridian.ts';
import { median, type Summary, summarize } from './figures.ts';
import { DATABASES, runs } from './places.ts';
import { runAll } from './process.ts';
import type { Course, Time } from './race.ts';
import { type Profile, sharesOf } from './regions/profile.ts';

export interface Case {
  readonly title: string;
  readonly seconds: Summary;
  readonly peakBytes: number | undefined;
}

export interface Cases {
  /** In each file. */
  readonly records: number;
  readonly cases: readonly Case[];
  /** The second run of the same files, relative to the first. */
  readonly again: number;
  /** The most that a thread of a load spent on it, of all its time; `undefined` where the loads had no threads. */
  readonly garbage: number | undefined;
}

type Files = Readonly<Record<string, string>>;

export const REJECTED = 'rejected';
export const DANGLING = 'dangling';
const AGAIN = 'the same files again, all unchanged';

export async function measureCases(course: Course, report: (title: string, time: Time) => void): Promise<Cases> {
  const rejected = await rejectedFiles(course.files);
  const dangling = await danglingFiles(course.files);
  const times = new Map<string, Time[]>();
  const note = (title: string, time: Time) => {
    report(title, time);
    times.set(title, [...(times.get(title) ?? []), time]);
  };
  const ratios: number[] = [];
  for (let round = 0; round < course.rounds; round++) {
    const [first, second] = await loaded(course, course.files, 2);
    note(AGAIN, second as Time);
    ratios.push((second as Time).seconds / (first as Time).seconds);
    note(REJECTED, (await loaded(course, rejected, 1))[0] as Time);
    note(DANGLING, (await loaded(course, dangling, 1))[0] as Time);
  }
  const cases = [...times].map(([title, some]) => {
    const peaks = some.flatMap(({ peakBytes }) => peakBytes ?? []);
    return {
      title,
      seconds: summarize(some.map(({ seconds }) => seconds)),
      peakBytes: peaks.length === 0 ? undefined : Math.max(...peaks),
    };
  });
  return { records: course.records, cases, again: median(ratios), garbage: await garbageOf(course) };
}

/** Loads files into the databases of a folder so many times. */
async function loaded({ schemas }: Course, files: Files, count: number, env: NodeJS.ProcessEnv = {}): Promise<Time[]> {
  const folder = mkdtempSync(join(runs, 'run-'));
  const times: Time[] = [];
  try {
    for (let number = 0; number < count; number++) {
      const steps = meridianOnSqlite.steps({ folder, files, schemas });
      times.push(
        await runAll(
          steps.map((step) => ({ ...step, env: { ...step.env, ...env } })),
          folder,
        ),
      );
    }
    return times;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function garbageOf(course: Course): Promise<number | undefined> {
  const folder = mkdtempSync(join(runs, 'profiles-'));
  try {
    await loaded(course, course.files, 1, { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir="${folder}"` });
    const profiles = readdirSync(folder).map((name) => ({
      // CPU.<date>.<time>.<process>.<thread>.<number>.cpuprofile
      isThread: name.split('.').at(-3) !== '0',
      profile: () => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Profile,
    }));
    const shares = profiles.filter(({ isThread }) => isThread).map(({ profile }) => garbageIn(profile()));
    return shares.length === 0 ? undefined : Math.max(...shares);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The share of garbage collection in a profile. */
export function garbageIn(profile: Profile): number {
  return sharesOf(profile).find(({ group }) => group === 'garbage collection')?.share ?? 0;
}

/** Users whose every email is broken, and no other records. */
export async function rejectedFiles(files: Files): Promise<Files> {
  return changed(files, 'rejected', {
    users: (line) => line.replaceAll('@', ' at '),
    products: () => undefined,
    orders: () => undefined,
  });
}

/** Orders of users that do not exist, and no other records. */
export async function danglingFiles(files: Files): Promise<Files> {
  return changed(files, 'dangling', { users: () => undefined, products: () => undefined, orders: (line) => line });
}

/** The files with other lines after the first; a line that becomes `undefined` is left out. */
async function changed(
  files: Files,
  name: string,
  change: Readonly<Record<string, (line: string) => string | undefined>>,
): Promise<Files> {
  const folder = join(dirname(files['users'] as string), name);
  mkdirSync(folder, { recursive: true });
  const made: Record<string, string> = {};
  for (const database of DATABASES) {
    const file = files[database] as string;
    made[database] = join(folder, `${database}.csv`);
    await pipeline(Readable.from(lines(file, change[database] as never)), createWriteStream(made[database]));
  }
  return made;
}

async function* lines(file: string, change: (line: string) => string | undefined): AsyncGenerator<string> {
  let isFirst = true;
  let text = '';
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const given = isFirst ? line : change(line);
    isFirst = false;
    text += given === undefined ? '' : `${given}\n`;
    if (text.length > 65_536) {
      yield text;
      text = '';
    }
  }
  yield text;
}
