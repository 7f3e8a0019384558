/** The page in a browser: how soon a list of many rows is painted, and how smoothly it scrolls. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { quantile } from '../figures.ts';
import { meridian, runs } from '../places.ts';
import { run } from '../process.ts';
import { browserUnavailable, firstPaint, launchBrowser, scrollFrames } from './browser.ts';
import { type FrameTurn, type NotMeasured, type PageTimes, toPageTimes } from './findings.ts';
import { startMeridian } from './server.ts';

export const PAGE_ROWS = 10_000;

const LIST = '#/data/users/user';

/** Of a round; a paint takes far less time than scrolling. */
const PAINTS = 5;

export interface PageCourse {
  readonly rounds: number;
  readonly seed: number;
}

export async function measurePage(
  { rounds, seed }: PageCourse,
  report: (round: number, paints: readonly number[], frames: FrameTurn) => void,
): Promise<PageTimes | NotMeasured> {
  const reason = browserUnavailable();
  if (reason !== undefined) {
    return { reason };
  }
  const folder = mkdtempSync(join(runs, 'page-'));
  try {
    await makeUsers(folder, seed);
    const server = await startMeridian(folder);
    try {
      const browser = await launchBrowser();
      try {
        const url = `${server.url}/${LIST}`;
        const all = { paints: [] as number[], frames: [] as FrameTurn[] };
        // a round that is not counted comes first
        for (let round = 0; round <= rounds; round++) {
          const paints: number[] = [];
          while (paints.length < PAINTS) {
            paints.push(await firstPaint(browser, url));
          }
          const frames = toFrameTurn(await scrollFrames(browser, url, PAGE_ROWS));
          report(round, paints, frames);
          if (round > 0) {
            all.paints.push(...paints);
            all.frames.push(frames);
          }
        }
        return toPageTimes(PAGE_ROWS, browser.version(), all.paints, all.frames);
      } finally {
        await browser.close();
      }
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function makeUsers(folder: string, seed: number): Promise<void> {
  const command = (...args: string[]) =>
    run({ command: process.execPath, args: [meridian, ...args, '--quiet'] }, folder);
  await command('generate', '--out', folder, '--count', String(PAGE_ROWS), '--seed', String(seed));
  await command('populate', '--users', join(folder, 'users.csv'));
}

function toFrameTurn(milliseconds: readonly number[]): FrameTurn {
  return {
    frames: milliseconds.length,
    longestMilliseconds: Math.max(...milliseconds),
    p99Milliseconds: quantile(milliseconds, 0.99),
  };
}
