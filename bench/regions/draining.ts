/** The outbox of a region shipped to central, both SQLite files: a small backlog many times, and a large one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Summary, summarize } from '../figures.ts';
import { runs } from '../places.ts';
import type { Share } from './profile.ts';
import { runProgram } from './program.ts';
import type { Drained, DrainJob } from './programs/drain.ts';
import { inCopy } from './shop.ts';

/** Shipped before the clock starts, so that starting does not decide. */
const WARM_UP_EVENTS = 10_000;

export const SMALL_EVENTS = 10_000;

/** A small backlog is shipped in less than a second, so a round has several. */
const SMALL_DRAINS_PER_ROUND = 3;

export interface Drain extends Omit<Drained, 'profile'> {
  readonly peakBytes: number | undefined;
}

export interface Backlog {
  readonly events: number;
  readonly drains: readonly Drain[];
  readonly eventsPerSecond: Summary;
  readonly cpuMicrosecondsPerEvent: number;
  readonly peakBytes: number | undefined;
}

export interface Draining {
  readonly small: Backlog;
  readonly large: Backlog;
  /** The rate of the large backlog, relative to that of the small one: of medians. */
  readonly ratio: number;
  readonly profile: readonly Share[];
}

export interface DrainingCourse {
  /** Of the large backlog. */
  readonly events: number;
  readonly rounds: number;
  readonly seed: number;
}

export async function measureDraining(
  { events, rounds, seed }: DrainingCourse,
  report: (events: number, drain: Drain) => void,
): Promise<Draining> {
  return withBacklog(SMALL_EVENTS, seed, (small) =>
    withBacklog(events, seed, async (large) => {
      const drains = { small: [] as Drain[], large: [] as Drain[] };
      for (let round = 1; round <= rounds; round++) {
        for (let number = 1; number <= SMALL_DRAINS_PER_ROUND; number++) {
          drains.small.push(await drainOnce(small, report));
        }
        drains.large.push(await drainOnce(large, report));
      }
      const job: DrainJob = { warmUp: WARM_UP_EVENTS, isProfiled: true };
      const { result } = await inCopy(large, (folder) => runProgram<Drained>('drain', job, { folder }));
      return toDraining(events, drains, result.profile);
    }),
  );
}

export function toDraining(
  events: number,
  { small, large }: { readonly small: readonly Drain[]; readonly large: readonly Drain[] },
  profile: readonly Share[],
): Draining {
  const ofSmall = toBacklog(SMALL_EVENTS, small);
  const ofLarge = toBacklog(events, large);
  return {
    small: ofSmall,
    large: ofLarge,
    ratio: ofLarge.eventsPerSecond.median / ofSmall.eventsPerSecond.median,
    profile,
  };
}

function toBacklog(events: number, drains: readonly Drain[]): Backlog {
  const peaks = drains.flatMap(({ peakBytes }) => peakBytes ?? []);
  return {
    events,
    drains,
    eventsPerSecond: summarize(drains.map((drain) => drain.events / drain.seconds)),
    cpuMicrosecondsPerEvent: summarize(drains.map((drain) => (1e6 * drain.cpuSeconds) / drain.events)).median,
    peakBytes: peaks.length === 0 ? undefined : Math.max(...peaks),
  };
}

/** Works with a folder that has a region with so many events, and those of the warm-up. */
export async function withBacklog<T>(events: number, seed: number, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(runs, 'backlog-'));
  try {
    await runProgram('fill', { events: events + WARM_UP_EVENTS, seed }, { folder });
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @param checkout whose relay drains it; that of this one by default */
export async function drainOnce(
  backlog: string,
  report: (events: number, drain: Drain) => void,
  checkout?: string,
): Promise<Drain> {
  const job: DrainJob = { warmUp: WARM_UP_EVENTS, isProfiled: false };
  const { result, peakBytes } = await inCopy(backlog, (folder) =>
    runProgram<Drained>('drain', job, { folder, ...(checkout === undefined ? {} : { checkout }) }),
  );
  const { events, seconds, cpuSeconds } = result;
  const drain: Drain = { events, seconds, cpuSeconds, peakBytes };
  report(events, drain);
  return drain;
}
