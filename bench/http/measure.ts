/** The benchmark of the HTTP API: lets each part run that was asked for, and writes the results. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { dirname } from 'node:path';
import process from 'node:process';
import { median } from '../figures.ts';
import { commandLine, machine, versions } from '../machine.ts';
import type { Options } from '../options.ts';
import { makeShop } from '../regions/shop.ts';
import { checkoutRequests, compare, userRequests } from './compare.ts';
import type { HttpFindings, HttpPart } from './findings.ts';
import type { LoadTurn } from './load.ts';
import { measurePage, PAGE_ROWS } from './page.ts';
import { httpReport } from './report.ts';
import { measureUploads } from './uploads.ts';

type Say = (line: string) => void;

/** @throws Error when something fails */
export async function measureHttp(options: Options, say: Say): Promise<void> {
  const { rounds, seed, seconds, records, httpParts } = options;
  const wanted = (part: HttpPart) => httpParts.includes(part);
  const course = { seconds, rounds, seed };
  const [loadBefore = 0] = loadavg();
  const told = (round: number, who: string, { requestsPerSecond, p99Milliseconds, cpuMicroseconds = 0 }: LoadTurn) =>
    say(
      `round ${round}  ${who.padEnd(10)} ${Math.round(requestsPerSecond)}/s, p99 ${p99Milliseconds.toFixed(1)} ms, ${Math.round(cpuMicroseconds)} µs of the processor`,
    );
  let checkouts: HttpFindings['checkouts'];
  let reads: HttpFindings['reads'];
  if (wanted('checkouts') || wanted('reads')) {
    const shop = await makeShop(seed);
    try {
      if (wanted('checkouts')) {
        say('Checkouts');
        checkouts = await compare(shop, checkoutRequests(seed), course, told);
      }
      if (wanted('reads')) {
        say('Reads of one user');
        reads = await compare(shop, userRequests, course, told);
      }
    } finally {
      rmSync(shop, { recursive: true });
    }
  }
  let uploads: HttpFindings['uploads'];
  if (wanted('uploads')) {
    say(`Uploads of ${records} records`);
    uploads = await measureUploads({ records, rounds, seed }, (round, who, time) =>
      say(`${nameOf(round)}  ${who.padEnd(10)} ${time.toFixed(2)} s`),
    );
  }
  let page: HttpFindings['page'];
  if (wanted('page')) {
    say(`The page with ${PAGE_ROWS} rows`);
    page = await measurePage({ rounds, seed }, (round, paints, { longestMilliseconds, p99Milliseconds }) =>
      say(
        `${nameOf(round)}  first paint ${median(paints).toFixed(0)} ms, frames of ${p99Milliseconds.toFixed(1)} ms (p99) and ${longestMilliseconds.toFixed(1)} ms (longest)`,
      ),
    );
    if ('reason' in page) {
      say(`Not measured, since ${page.reason}`);
    }
  }
  write(options, {
    command: commandLine(),
    date: new Date().toISOString().slice(0, 10),
    machine: machine(),
    loadBefore,
    versions: versions(),
    rounds,
    seed,
    checkouts,
    reads,
    uploads,
    page,
  });
}

function nameOf(round: number): string {
  return round === 0 ? 'warm-up' : `round ${round}`;
}

function write({ httpReport: report, httpRaw: raw }: Options, findings: HttpFindings): void {
  const text = httpReport(findings);
  mkdirSync(dirname(report), { recursive: true });
  writeFileSync(report, text);
  writeFileSync(raw, `${JSON.stringify(findings, null, 2)}\n`);
  process.stdout.write(text);
}
