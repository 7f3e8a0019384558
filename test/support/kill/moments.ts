/** The moments at which a run is killed, and how far it was. */
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
      return { isReached: () => true, moreMilliseconds: random() * 1500 };
    }
    if (place < 0.6) {
      const read = ((place - 0.1) / 0.5) * records;
      return { isReached: (stage) => isUnderWay(stage) && stage.read >= read, moreMilliseconds: random() * 150 };
    }
    if (place < 0.8) {
      return { isReached: isLoaded, moreMilliseconds: random() * 500 };
    }
    return { isReached: isChecked, moreMilliseconds: random() * 50 };
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
