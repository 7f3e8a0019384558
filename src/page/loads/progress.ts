/** The progress of a load. */
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

/** The progress from 0 to 1; `undefined` if the size of the file is unknown. */
export function doneOf({ read, bytesRead, bytesTotal, count }: TableProgress): number | undefined {
  if (count !== undefined && count > 0) {
    return Math.min(read / count, 1);
  }
  return bytesRead === undefined || !bytesTotal ? undefined : Math.min(bytesRead / bytesTotal, 1);
}

/** The remaining seconds at the current average speed. */
export function secondsLeft(done: number | undefined, seconds: number): number | undefined {
  return done === undefined || done <= 0.01 || seconds < 1 ? undefined : (seconds / done) * (1 - done);
}

/** The state of a load, which is the worst state of its tables. */
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

/** The number of records read, from the progress, which is newer than the committed counts. */
export function readOf(run: Run): number {
  const newer = new Map(run.progress?.map(({ table, read }) => [table, read]));
  return Object.entries(run.tables).reduce((sum, [table, { read }]) => sum + Math.max(read, newer.get(table) ?? 0), 0);
}
