/** `npm run simulate -- --seeds 200 | --seed N | --minutes 60 | --plan FILE` */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import type { Plan } from './plan.ts';
import { failurePage } from './report/failure-page.ts';
import { summaryPage } from './report/summary-page.ts';
import { shrink } from './shrink.ts';
import type { Result } from './simulate.ts';
import { Simulator } from './simulator.ts';
import { readPlan, writePlan } from './stored-plans.ts';
import { Summary } from './summary.ts';
import { drawPlan } from './swarm.ts';

const USAGE = `Usage: npm run simulate -- [options]

Runs the shop's programs over simulated machines, with faults that are drawn from a seed.

  --seeds <number>    simulate so many seeds (default: 200)
  --from <seed>       the first of them (default: 1)
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
  const simulator = await Simulator.open();
  process.once('exit', () => simulator.close());
  const summary = new Summary();
  const startedAt = performance.now();
  for (const plan of plans(startedAt)) {
    const result = await simulator.run(plan, { keepsLines: values.statements });
    summary.add(result);
    print(result);
    if (result.verdict === 'failed') {
      await report(simulator, result);
    }
  }
  const { passed, failed, unknown } = summary.verdicts;
  mkdirSync(values.report, { recursive: true });
  const page = join(values.report, 'index.html');
  writeFileSync(page, summaryPage(summary));
  const { user, system } = process.cpuUsage();
  const speed = Math.round((summary.seeds / ((user + system) / 1e6)) * 60);
  process.stdout.write(
    `${summary.seeds} simulated: ${passed} passed, ${failed} failed, ${unknown} unknown; ${speed} a minute of CPU time. See ${page}\n`,
  );
  process.exitCode = failed > 0 ? 1 : 0;
}

function* plans(startedAt: number): Generator<Plan> {
  if (values.plan !== undefined) {
    yield readPlan(values.plan).plan;
    return;
  }
  const first = wholeNumber(values.seed ?? values.from);
  const count = values.seed === undefined ? wholeNumber(values.seeds ?? '200') : 1;
  const milliseconds = values.minutes === undefined ? undefined : wholeNumber(values.minutes) * 60_000;
  const isOver = (done: number) =>
    milliseconds === undefined ? done >= count : performance.now() - startedAt >= milliseconds;
  for (let done = 0; !isOver(done); done++) {
    yield drawPlan(first + done);
  }
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) {
    process.stderr.write(`${text} is not a whole number.\n\n${USAGE}`);
    process.exit(2);
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
  const smallest = await shrink(plan, async (candidate) => {
    const { findings: found } = await simulator.run(candidate);
    return found[0]?.oracle === oracle;
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
