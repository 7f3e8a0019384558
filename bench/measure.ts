/** The whole benchmark: makes what is needed, lets everybody run, writes the results. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { measureAgainst } from './against.ts';
import { type Cases, measureCases } from './cases.ts';
import { chart } from './chart.ts';
import type { Contestant } from './contestant.ts';
import { choose } from './contestants/list.ts';
import { summarize } from './figures.ts';
import { makeFiles } from './files.ts';
import { type Race, type Results, toRace } from './findings.ts';
import { measureHttp } from './http/measure.ts';
import { commandLine, machine, versions } from './machine.ts';
import { megabytes, seconds } from './markdown.ts';
import type { Options } from './options.ts';
import { root, runs } from './places.ts';
import { openServer } from './postgres.ts';
import { type Course, race, type Time } from './race.ts';
import { measureRegions } from './regions/measure.ts';
import { report } from './report.ts';
import { sampleRuns } from './sample.ts';
import { takeSchema } from './schema.ts';

/** @returns the exit code: 0 when everything was measured, 1 when something failed */
export async function measure(options: Options): Promise<number> {
  // Ctrl-C reaches the process that is being measured as well: its end ends this, after tidying up
  process.once('SIGINT', () => say('Interrupted'));
  try {
    rmSync(runs, { recursive: true, force: true });
    mkdirSync(runs, { recursive: true });
    build();
    if (options.against !== undefined) {
      process.stdout.write(`${await measureAgainst(options.against, options, say)}\n`);
      return 0;
    }
    const contestants = choose(options.only);
    if (contestants.length > 0) {
      write(options, await run(options, contestants));
    }
    if (options.parts.length > 0) {
      await measureRegions(options, say);
    }
    if (options.httpParts.length > 0) {
      await measureHttp(options, say);
    }
    return 0;
  } catch (error) {
    say(`Error: ${(error as Error).message}`);
    return 1;
  }
}

async function run(options: Options, chosen: readonly Contestant[]): Promise<Results> {
  const { records, rounds, seed } = options;
  const hasMeridian = chosen.some(({ name }) => name === 'meridian');
  say(`Making three files of ${records} records, unless they are there already`);
  const files = await makeFiles(records, seed);
  const course: Course = { records, rounds, seed, files: files.csv, schemas: await takeSchema() };

  const skipped = chosen.flatMap((contestant) => {
    const reason = contestant.unavailable();
    return reason === undefined ? [] : [{ title: contestant.title, reason, contestant }];
  });
  const present = chosen.filter((contestant) => !skipped.some((one) => one.contestant === contestant));
  // first what may not be possible at all, so that it fails before an hour has passed
  const postgres =
    options.postgres === undefined ? undefined : await onPostgres(options.postgres, course, files.productsInCents);
  const sqlite = toRace(
    await race(present, course, reportRound),
    records,
    skipped.map(({ title, reason }) => ({ title, reason })),
  );
  return {
    command: commandLine(),
    date: new Date().toISOString().slice(0, 10),
    machine: machine(),
    versions: versions(),
    rounds,
    seed,
    sqlite,
    sample: hasMeridian ? await sample() : undefined,
    cases: hasMeridian ? await cases(course) : undefined,
    scale: options.scale === undefined ? undefined : await atScale(options.scale, course),
    postgres,
  };
}

function build(): void {
  const { status } = spawnSync(process.execPath, [join(root, 'bin', 'build.js')], { stdio: ['ignore', 2, 2] });
  if (status !== 0) {
    throw new Error('Meridian could not be built; the lines above say why.');
  }
}

async function sample(): Promise<Results['sample']> {
  say('The built-in sample');
  const runs = await sampleRuns();
  return { runs, seconds: summarize(runs.map((time) => time.seconds)) };
}

async function cases(course: Course): Promise<Cases> {
  say('Meridian alone: files again, rejected and dangling records, garbage collection');
  return measureCases(course, (title, time) => say(`${title.padEnd(40)} ${seconds(time.seconds).padStart(8)} s`));
}

async function atScale(records: number, course: Course): Promise<Race> {
  say(`Making three files of ${records} records, unless they are there already`);
  const { csv } = await makeFiles(records, course.seed);
  return toRace(await race(choose(['meridian']), { ...course, records, files: csv }, reportRound), records);
}

async function onPostgres(url: string, course: Course, productsInCents: string): Promise<Results['postgres']> {
  const server = await openServer(url, productsInCents);
  if (typeof server === 'string') {
    say(`PostgreSQL is left out: ${server}`);
    return { reason: server };
  }
  say('PostgreSQL');
  try {
    return { ...toRace(await race(server.contestants, course, reportRound), course.records), version: server.version };
  } finally {
    await server.close();
  }
}

function write({ report: file, picture, raw }: Options, results: Results): void {
  const text = report(results, basename(picture));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  writeFileSync(raw, `${JSON.stringify(results, null, 2)}\n`);
  const svg = chart(results.sqlite);
  if (svg !== undefined) {
    writeFileSync(picture, svg);
  }
  process.stdout.write(text);
}

function reportRound(round: number, { title }: { title: string }, time: Time): void {
  const counted = round === 0 ? 'warm-up' : `round ${round}`;
  say(
    `${counted}  ${title.padEnd(20)} ${seconds(time.seconds).padStart(8)} s  ${megabytes(time.peakBytes).padStart(6)} MB`,
  );
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
