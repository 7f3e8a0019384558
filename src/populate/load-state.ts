/**
 * The load of one database, from the opening of its source to the end of its run, as a state machine:
 *
 *     opened ─prepared─▶ prepared ─begun─▶ loading ─loaded─▶ loaded ─checked─▶ checked ─finished─▶ finished
 *                           │                 ▲                                                       ▲
 *                           └────continued────┴───────────────(its run had finished)──────────────────┘
 *
 *     any state after the begin ─failed─▶ failed     when the source was at fault: the run ends here
 *                               ─failed─▶ stopped    after any other fault: the same command continues the run
 *     any of them but finished ─interrupted─▶ stopped
 *     any of them but finished ─reverted─▶ reverted  when it loads everything or nothing, and something was rejected or failed
 *     loaded, failed, stopped ─unchecked─▶ stopped   when some references could not be checked
 *
 * `restored` replaces the progress of a load that is `loading` by what its earlier process had written.
 */
import type { RunRow } from '../loads/run-tables.ts';
import { MeridianError } from '../shared/errors.ts';
import type { OpenSource, Source } from './read/source.ts';
import type { Columns } from './record/columns.ts';
import type { RejectsFile } from './rejects/rejects-file.ts';
import type { LoadProgress } from './resume/load-progress.ts';

export interface OpenedLoad {
  readonly source: Source;
  readonly open: OpenSource;
  readonly columns: Columns;
  /** A digest of the source; `null` if it cannot be read again. */
  readonly content: string | null;
  /** The options that affect the outcome, as text. */
  readonly settings: string;
  /** The content with which the run to be continued started, if files were added since. */
  readonly grownFrom?: string | null;
  /** The settings with which it started, if files were added since. */
  readonly grownSettings?: string;
}

export interface PreparedLoad extends OpenedLoad {
  /** Where rejected records are written; `undefined` if they are not written. */
  readonly rejects: RejectsFile | undefined;
  /** Whether the source is the rejects file that this run will replace. */
  readonly readsOwnRejects: boolean;
}

interface Begun extends PreparedLoad {
  /** Its outcomes so far, which the load updates. */
  readonly progress: LoadProgress;
  /** The run as left by an earlier process; `undefined` for a new run. */
  readonly continued: RunRow | undefined;
  /** The duration, including earlier processes. */
  readonly seconds: number;
}

/**
 * - `loaded`: its records are processed, up to the end or the interruption; references are not checked
 * - `checked`: only the rejects file is still to be written
 */
interface RunningLoad extends Begun {
  readonly state: 'loading' | 'loaded' | 'checked' | 'finished';
}

interface FailedLoad extends Begun {
  readonly state: 'failed';
  readonly failure: Error;
}

interface StoppedLoad extends Begun {
  readonly state: 'stopped';
  /** `undefined` if it was interrupted. */
  readonly failure: Error | undefined;
}

interface RevertedLoad extends Begun {
  readonly state: 'reverted';
  /** `undefined` if its own records were all loaded or rejected. */
  readonly failure: Error | undefined;
}

/** A load whose run has been determined. */
export type BegunLoad = RunningLoad | FailedLoad | StoppedLoad | RevertedLoad;

export type Load =
  | (OpenedLoad & { readonly state: 'opened' })
  | (PreparedLoad & { readonly state: 'prepared' })
  | BegunLoad;

export type LoadEvent =
  | { readonly kind: 'prepared'; readonly rejects: RejectsFile | undefined; readonly readsOwnRejects: boolean }
  | { readonly kind: 'begun'; readonly progress: LoadProgress }
  | { readonly kind: 'continued'; readonly progress: LoadProgress; readonly run: RunRow }
  | { readonly kind: 'restored'; readonly progress: LoadProgress }
  | { readonly kind: 'loaded'; readonly seconds: number }
  | { readonly kind: 'checked' }
  | { readonly kind: 'finished' }
  | { readonly kind: 'failed'; readonly failure: Error; readonly seconds?: number }
  | { readonly kind: 'unchecked'; readonly sentence: string; readonly cause?: Error }
  | { readonly kind: 'reverted' }
  | { readonly kind: 'interrupted' };

/** @throws Error for an event that cannot happen in the state of the load */
export function transition(load: Load, event: LoadEvent): Load {
  const next = isBegun(load) ? afterBegin(load, event) : beforeBegin(load, event);
  if (next === undefined) {
    throw new Error(`The load of ${load.source.name} is ${load.state}, so it cannot be ${event.kind}.`);
  }
  return next;
}

/** The error that stopped a load before its end. */
export function failureOf(load: BegunLoad): Error | undefined {
  return load.state === 'failed' || load.state === 'stopped' || load.state === 'reverted' ? load.failure : undefined;
}

export function isBegun(load: Load): load is BegunLoad {
  return load.state !== 'opened' && load.state !== 'prepared';
}

function beforeBegin(load: Exclude<Load, BegunLoad>, event: LoadEvent): Load | undefined {
  if (load.state === 'opened') {
    if (event.kind !== 'prepared') {
      return undefined;
    }
    const { rejects, readsOwnRejects } = event;
    return { ...load, state: 'prepared', rejects, readsOwnRejects };
  }
  switch (event.kind) {
    case 'begun':
      return { ...load, state: 'loading', progress: event.progress, continued: undefined, seconds: 0 };
    case 'continued': {
      const { progress, run } = event;
      const state = run.state === 'finished' ? 'finished' : 'loading';
      return { ...load, state, progress, continued: run, seconds: run.seconds };
    }
    default:
      return undefined;
  }
}

function afterBegin(load: BegunLoad, event: LoadEvent): Load | undefined {
  switch (event.kind) {
    case 'restored':
      return load.state === 'loading' ? { ...load, progress: event.progress } : undefined;
    case 'loaded': {
      // a run that was stopped while it wrote its rejects, or waited for its other tables, has been checked already
      const before = load.continued?.state;
      const state = before === 'checked' || before === 'ready' ? 'checked' : 'loaded';
      return load.state === 'loading' ? { ...load, state, seconds: event.seconds } : undefined;
    }
    case 'checked':
      return load.state === 'loaded' ? { ...load, state: 'checked' } : undefined;
    case 'finished':
      return load.state === 'checked' ? { ...load, state: 'finished' } : undefined;
    case 'failed':
      return failed(load, event.failure, event.seconds ?? load.seconds);
    case 'unchecked':
      return load.state === 'loaded' || load.state === 'failed' || load.state === 'stopped'
        ? unchecked(load, event.sentence, event.cause)
        : undefined;
    case 'reverted':
      return load.state === 'finished' ? undefined : { ...load, state: 'reverted', failure: failureOf(load) };
    case 'interrupted':
      return load.state === 'finished' || load.state === 'reverted'
        ? undefined
        : { ...load, state: 'stopped', failure: failureOf(load) };
    default:
      return undefined;
  }
}

/** The first failure is kept. A faulty source has to be changed, so its load cannot be continued. */
function failed(load: BegunLoad, next: Error, seconds: number): BegunLoad {
  if (load.state === 'reverted') {
    return { ...load, failure: failureOf(load) ?? next };
  }
  const isFaultOfSource = next instanceof MeridianError && next.code === 'source';
  const state = isFaultOfSource && load.state !== 'stopped' ? 'failed' : 'stopped';
  return { ...load, state, failure: failureOf(load) ?? next, seconds };
}

function unchecked(load: BegunLoad, sentence: string, cause: Error | undefined): BegunLoad {
  const before = failureOf(load);
  const text = before === undefined ? sentence : `${before.message}\n${sentence}`;
  return { ...load, state: 'stopped', failure: new MeridianError('database', text, { cause }) };
}
