/** `npm run simulate -- --seeds 200 | --seed N | --minutes 60 | --plan FILE` */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { messageOf } from '../../src/shared/errors.ts';
import type { Plan } from './plan.ts';
import { type Progress, readProgress, type Seeds, writeProgress } from './progress.ts';
import { failurePage } from './report/failure-page.ts';
import { summaryPage } from './report/summary-page.ts';
import { kindOf, shrink } from './shrink.ts';
import type { Result } from './simulate.ts';
import { Simulator } from './simulator.ts';
import { readPlan, writePlan } from './stored-plans.ts';
import { Summary } from './summary.ts';
import { drawPlan } from './swarm.ts';

const DEFAULT_SEEDS = '200';

const USAGE = `Usage: npm run simulate -- [options]

Runs the shop's programs over simulated machines, with faults that are drawn from a seed.

  --seeds <number>    simulate so many seeds (default: ${DEFAULT_SEEDS})
  --from <seed>       the first of them (default: 1)
  --resume            continue a run over the same seeds that was stopped
  --minutes <number>  simulate seeds for so long
  --seed <seed>       simulate one seed
  --plan <file>       simulate a stored plan
  --statements        print every statement
  --report <folder>   where pages and plans of failures go (default: simulation)
  --help              print this text
`;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    from: { type: 'string', default: '1' },
    resume: { type: 'boolean', default: false },
    minutes: { type: 'string' },
    seed: { type: 'string' },
    plan: { type: 'string' },
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
  const seeds = plannedSeeds();
  const earlier = values.resume ? earlierProgress(seeds) : undefined;
  const summary = earlier?.summary ?? new Summary();
  const cpuSeconds = () => (earlier?.cpuSeconds ?? 0) + ownCpuSeconds();
  const simulator = await Simulator.open();
  process.once('exit', () => simulator.close());
  const startedAt = performance.now();
  for (const plan of plans(startedAt, summary.seeds)) {
    const result = await simulator.run(plan, { keepsLines: values.statements });
    summary.add(result);
    print(result);
    if (result.verdict === 'failed') {
      await report(simulator, result);
    }
    if (seeds !== undefined) {
      writeProgress(values.report, { seeds, summary, cpuSeconds: cpuSeconds() });
    }
  }
  const { passed, failed, unknown } = summary.verdicts;
  mkdirSync(values.report, { recursive: true });
  const page = join(values.report, 'index.html');
  writeFileSync(page, summaryPage(summary));
  const speed = Math.round((summary.seeds / cpuSeconds()) * 60);
  process.stdout.write(
    `${summary.seeds} simulated: ${passed} passed, ${failed} failed, ${unknown} unknown; ${speed} a minute of CPU time. See ${page}\n`,
  );
  process.exitCode = failed > 0 ? 1 : 0;
}

/** Of a run that can be continued: not of one plan, and not of as many as there is time for. */
function plannedSeeds(): Seeds | undefined {
  const { plan, seed, minutes, from, seeds = DEFAULT_SEEDS } = values;
  return plan === undefined && seed === undefined && minutes === undefined
    ? { first: wholeNumber(from), count: wholeNumber(seeds) }
    : undefined;
}

function earlierProgress(seeds: Seeds | undefined): Progress | undefined {
  if (seeds === undefined) {
    return refuse('--resume continues a run over --seeds');
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
  const first = wholeNumber(values.seed ?? values.from);
  const count = values.seed === undefined ? wholeNumber(values.seeds ?? DEFAULT_SEEDS) : 1;
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
    `seed ${plan.seed}: ${verdict}, ${statements} statements in ${virtualSeconds.toFixed(0)} virtual seconds, ${digest}\n`,
  );
  for (const { oracle, at, text } of findings) {
    process.stdout.write(`  ${(at / 1000).toFixed(1)} s, ${oracle}: ${text}\n`);
  }
}

/** Stores the failure as a small plan, with a page that shows what happens. */
async function report(simulator: Simulator, { plan, findings }: Result): Promise<void> {
  const oracle = findings[0]?.oracle;
  const kind = kindOf(findings[0]);
  const smallest = await shrink(plan, async (candidate) => {
    // a part of a plan may be more than the simulator can run
    const result = await simulator.run(candidate).catch(() => undefined);
    return kindOf(result?.findings[0]) === kind;
  });
  const result = await simulator.run(smallest);
  const name = `seed-${plan.seed}`;
  const stored = { about: result.findings[0]?.text ?? '', oracle: oracle ?? '', plan: smallest };
  const file = writePlan(values.report, name, stored);
  writeFileSync(join(values.report, `${name}.html`), failurePage(result, file));
  process.stdout.write(
    `  shrunk to ${smallest.operations.length} operations and ${smallest.faults.length} faults: ${file}, ${name}.html\n`,
  );
}
