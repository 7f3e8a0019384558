/** The moments at which a run is killed, and how far it was. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { look } from '../stored.ts';
import { DATABASES } from './loads.ts';

/** A number from 0 up to 1. */
export type Random = () => number;

/** How far the runs of the three databases are. */
export interface Stage {
  /** Of each database; `none` before its run has begun. */
  readonly states: readonly string[];
  readonly read: number;
}

/** When to kill: as soon as `isReached`, and so many milliseconds more. */
export interface Moment {
  readonly isReached: (stage: Stage) => boolean;
  readonly moreMilliseconds: number;
}

/** @param runsBefore how many runs each database knew of before the one that is looked at */
export function stageOf(folder: string, runsBefore: number): Stage {
  const newest = DATABASES.map((name) => {
    const runs = look(
      join(folder, 'databases', `${name}.db`),
      `select state, read from meridian_runs_${name} order by id desc`,
    );
    return runs.length > runsBefore ? runs[0] : undefined;
  });
  return {
    states: newest.map((run) => String(run?.['state'] ?? 'none')),
    read: newest.reduce((sum, run) => sum + Number(run?.['read'] ?? 0), 0),
  };
}

/** File times tick every few milliseconds, so that a commit right after a look may leave them as they are. */
const LOOKS_AFTER_A_CHANGE = 3;

/** Called again and again, gives the newest stage. It reads the databases only after their files have changed. */
export function watchedStage(folder: string, runsBefore: number): () => Stage {
  let signature: string | undefined;
  let looks = 0;
  let stage: Stage = { states: [], read: 0 };
  return () => {
    const now = signatureOf(folder);
    if (now !== signature) {
      signature = now;
      looks = LOOKS_AFTER_A_CHANGE;
    }
    if (looks > 0) {
      looks--;
      stage = stageOf(folder, runsBefore);
    }
    return stage;
  };
}

/** SQLite writes what is committed into the write-ahead log. */
function signatureOf(folder: string): string {
  const files = DATABASES.flatMap((name) => [`${name}.db`, `${name}.db-wal`]);
  const stats = files.map((file) => statSync(join(folder, 'databases', file), { throwIfNoEntry: false }));
  return stats.map((stat) => `${stat?.mtimeMs} ${stat?.size}`).join();
}

export function hasEnded({ states }: Stage): boolean {
  return states.every((state) => state === 'finished');
}

/** A stage in a word, for the figures. */
export function nameOf({ states }: Stage): string {
  const has = (state: string) => states.includes(state);
  if (states.every((state) => state === 'none')) {
    return 'before it began';
  }
  if (has('none') || has('loading')) {
    return 'loading';
  }
  if (has('loaded')) {
    return 'checking references';
  }
  return !has('checked') ? 'at its end' : has('finished') ? 'ending' : 'publishing rejects';
}

/** `kills` moments in the order in which a run of `records` comes to them. */
export function momentsOf(random: Random, kills: number, records: number): Moment[] {
  const places = Array.from({ length: kills }, random).sort((a, b) => a - b);
  return places.map((place) => {
    if (place < 0.1) {
      return { isReached: () => true, moreMilliseconds: random() * 1000 };
    }
    if (place < 0.6) {
      const read = ((place - 0.1) / 0.5) * records;
      return { isReached: (stage) => isUnderWay(stage) && stage.read >= read, moreMilliseconds: random() * 30 };
    }
    if (place < 0.8) {
      return { isReached: isLoaded, moreMilliseconds: random() * 100 };
    }
    return { isReached: isChecked, moreMilliseconds: random() * 10 };
  });
}

function isUnderWay({ states }: Stage): boolean {
  return states.some((state) => state !== 'none');
}

function isLoaded({ states }: Stage): boolean {
  return states.every((state) => state !== 'none' && state !== 'loading');
}

function isChecked(stage: Stage): boolean {
  return isLoaded(stage) && !stage.states.includes('loaded');
}
