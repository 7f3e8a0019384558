/** How far a load is. */
import type { Report } from './report.ts';

export interface TableRun {
  readonly source: string;
  readonly state: string;
  readonly read: number;
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly rejected: number;
  readonly startedAt: string;
  readonly seconds: number;
  readonly failure: string | null;
}

export interface TableProgress {
  readonly table: string;
  readonly read: number;
  readonly rejected: number | null;
  readonly bytesRead?: number;
  readonly bytesTotal?: number;
  readonly count?: number;
}

export interface Run {
  readonly run: string;
  readonly startedAt: string | null;
  readonly isRunning: boolean;
  readonly tables: Readonly<Record<string, TableRun>>;
  readonly progress?: readonly TableProgress[];
  readonly report?: Report;
  readonly error?: string;
}

export interface RunList {
  readonly loads: readonly Run[];
  readonly unreadable: readonly { readonly database: string; readonly reason: string }[];
}

/** From 0 to 1; `undefined` where the size of the file is not known. */
export function doneOf({ read, bytesRead, bytesTotal, count }: TableProgress): number | undefined {
  if (count !== undefined && count > 0) {
    return Math.min(read / count, 1);
  }
  return bytesRead === undefined || !bytesTotal ? undefined : Math.min(bytesRead / bytesTotal, 1);
}

/** Seconds that are left at the speed so far. */
export function secondsLeft(done: number | undefined, seconds: number): number | undefined {
  return done === undefined || done <= 0.01 || seconds < 1 ? undefined : (seconds / done) * (1 - done);
}

/** What became of a load as a whole: the state of its table that is worst. */
export function stateOf({ isRunning, tables, error }: Run): string {
  if (isRunning) {
    return 'running';
  }
  const states = Object.values(tables).map(({ state }) => state);
  const worst = ['failed', 'stopped', 'interrupted', 'reverted', 'abandoned', 'running'];
  return worst.find((state) => states.includes(state)) ?? (error === undefined ? (states[0] ?? 'unknown') : 'failed');
}

export function totalOf({ tables }: Run, count: 'read' | 'inserted' | 'updated' | 'unchanged' | 'rejected'): number {
  return Object.values(tables).reduce((sum, one) => sum + one[count], 0);
}

/** Records that have been read: as its progress says, which is newer than what is committed. */
export function readOf(run: Run): number {
  const newer = new Map(run.progress?.map(({ table, read }) => [table, read]));
  return Object.entries(run.tables).reduce((sum, [table, { read }]) => sum + Math.max(read, newer.get(table) ?? 0), 0);
}
