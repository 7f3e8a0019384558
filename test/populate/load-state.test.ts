import { describe, expect, test } from '@jest/globals';
import type { RunRow } from '../../src/loads/run-tables.ts';
import { failureOf, isBegun, type Load, type LoadEvent, transition } from '../../src/populate/load-state.ts';
import type { LoadProgress } from '../../src/populate/resume/load-progress.ts';
import { MeridianError } from '../../src/shared/errors.ts';

const progressOf = (run: string) => ({ run }) as LoadProgress;
const runIn = (state: RunRow['state']) => ({ id: 'run', state, seconds: 5 }) as RunRow;

const OPENED = {
  state: 'opened',
  source: { name: 'users.csv' },
  content: 'digest',
  settings: '{}',
} as unknown as Load;

const SOURCE_FAULT = new MeridianError('source', 'users.csv ends too early.');
const DATABASE_FAULT = new MeridianError('database', 'users: the disk is full.');

const PREPARED: LoadEvent = { kind: 'prepared', rejects: undefined, readsOwnRejects: false };
const BEGUN: LoadEvent = { kind: 'begun', progress: progressOf('run') };
const RESTORED: LoadEvent = { kind: 'restored', progress: progressOf('run') };
const LOADED: LoadEvent = { kind: 'loaded', seconds: 7 };
const CHECKED: LoadEvent = { kind: 'checked' };
const FINISHED: LoadEvent = { kind: 'finished' };
const INTERRUPTED: LoadEvent = { kind: 'interrupted' };
const REVERTED: LoadEvent = { kind: 'reverted' };
const UNCHECKED: LoadEvent = { kind: 'unchecked', sentence: 'Not checked.' };
const continuing = (state: RunRow['state']): LoadEvent => ({
  kind: 'continued',
  progress: progressOf('run'),
  run: runIn(state),
});
const failing = (failure: Error): LoadEvent => ({ kind: 'failed', failure, seconds: 7 });

const after = (...events: readonly LoadEvent[]): Load => events.reduce(transition, OPENED);

function failureAfter(...events: readonly LoadEvent[]): Error | undefined {
  const load = after(...events);
  return isBegun(load) ? failureOf(load) : undefined;
}

/** Events that lead to each state. */
const EVENTS_TO: Readonly<Record<Load['state'], readonly LoadEvent[]>> = {
  opened: [],
  prepared: [PREPARED],
  loading: [PREPARED, BEGUN],
  loaded: [PREPARED, BEGUN, LOADED],
  checked: [PREPARED, BEGUN, LOADED, CHECKED],
  finished: [PREPARED, BEGUN, LOADED, CHECKED, FINISHED],
  failed: [PREPARED, BEGUN, failing(SOURCE_FAULT)],
  stopped: [PREPARED, BEGUN, INTERRUPTED],
  reverted: [PREPARED, BEGUN, LOADED, REVERTED],
};

const EVENTS: readonly LoadEvent[] = [
  PREPARED,
  BEGUN,
  continuing('loading'),
  RESTORED,
  LOADED,
  CHECKED,
  FINISHED,
  failing(DATABASE_FAULT),
  UNCHECKED,
  REVERTED,
  INTERRUPTED,
];

const NEXT: Readonly<Record<Load['state'], Partial<Record<LoadEvent['kind'], Load['state']>>>> = {
  opened: { prepared: 'prepared' },
  prepared: { begun: 'loading', continued: 'loading' },
  loading: { restored: 'loading', loaded: 'loaded', failed: 'stopped', reverted: 'reverted', interrupted: 'stopped' },
  loaded: { checked: 'checked', failed: 'stopped', unchecked: 'stopped', reverted: 'reverted', interrupted: 'stopped' },
  checked: { finished: 'finished', failed: 'stopped', reverted: 'reverted', interrupted: 'stopped' },
  finished: { failed: 'stopped' },
  failed: { failed: 'stopped', unchecked: 'stopped', reverted: 'reverted', interrupted: 'stopped' },
  stopped: { failed: 'stopped', unchecked: 'stopped', reverted: 'reverted', interrupted: 'stopped' },
  // an error of the rejects file leaves it reverted
  reverted: { failed: 'reverted', reverted: 'reverted' },
};

describe.each(Object.keys(EVENTS_TO) as Load['state'][])('a load that is %s', (state) => {
  test.each(EVENTS)('$kind', (event) => {
    const load = after(...EVENTS_TO[state]);
    const next = NEXT[state][event.kind];
    expect(load.state).toBe(state);
    if (next === undefined) {
      expect(() => transition(load, event)).toThrow(
        `The load of users.csv is ${state}, so it cannot be ${event.kind}.`,
      );
    } else {
      expect(transition(load, event).state).toBe(next);
    }
  });
});

test('a run that had finished in this database is not loaded again', () => {
  expect(after(PREPARED, continuing('finished'))).toMatchObject({ state: 'finished', seconds: 5 });
});

test('the references of a run that was stopped while it wrote its rejects are checked already', () => {
  expect(after(PREPARED, continuing('checked'), LOADED).state).toBe('checked');
  expect(after(PREPARED, continuing('ready'), LOADED).state).toBe('checked');
  expect(after(PREPARED, continuing('loaded'), LOADED).state).toBe('loaded');
});

test('a fault of the source ends the run, unless the load was stopped before', () => {
  expect(after(PREPARED, BEGUN, failing(SOURCE_FAULT))).toMatchObject({ state: 'failed', seconds: 7 });
  expect(after(PREPARED, BEGUN, INTERRUPTED, failing(SOURCE_FAULT)).state).toBe('stopped');
});

test('the first failure is reported', () => {
  expect(failureAfter(PREPARED, BEGUN, failing(SOURCE_FAULT), failing(DATABASE_FAULT))).toBe(SOURCE_FAULT);
  expect(failureAfter(PREPARED, BEGUN, failing(SOURCE_FAULT), INTERRUPTED)).toBe(SOURCE_FAULT);
  expect(failureAfter(PREPARED, BEGUN, LOADED, INTERRUPTED)).toBeUndefined();
});

test('that references could not be checked is reported after what stopped the load', () => {
  expect(failureAfter(PREPARED, BEGUN, LOADED, UNCHECKED)?.message).toBe('Not checked.');
  expect(failureAfter(PREPARED, BEGUN, failing(SOURCE_FAULT), UNCHECKED)?.message).toBe(
    'users.csv ends too early.\nNot checked.',
  );
});
