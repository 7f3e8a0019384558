/** The report of an ended load, which the server keeps for some time. */
import { ApiError } from '../frame/api.ts';
import { populateCommand } from './files.ts';

interface TableReport {
  readonly read: number;
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly rejected: number;
  readonly reasons: readonly {
    readonly property: string | null;
    readonly code: string;
    readonly count: number;
    readonly message: string;
  }[];
  readonly error: string | null;
}

export interface Report {
  readonly dryRun: boolean;
  readonly interrupted: boolean;
  readonly tables: Readonly<Record<string, TableReport>>;
  /** Why all rows would be reverted. */
  readonly reverted?: string;
  readonly maxRejects?: { readonly error: string };
}

export function rejectedIn({ tables }: Report): number {
  return Object.values(tables).reduce((sum, { rejected }) => sum + rejected, 0);
}

/** The problems that would stop the load, or revert all of its rows. */
export function problemsOf({ interrupted, tables, reverted, maxRejects }: Report): readonly ApiError[] {
  const ofTables = Object.entries(tables).flatMap(([table, { error }]) => (error === null ? [] : `${table}: ${error}`));
  const stopped = interrupted ? ['It was stopped before its end, so the rest of the records was not tried.'] : [];
  return [...stopped, ...ofTables, ...[reverted, maxRejects?.error].flatMap((one) => one ?? [])].map(
    (message) => new ApiError(0, message),
  );
}

/** The command for the load. Paths are left out, since the server does not know them. */
export function dryRunCommand({ tables }: Report): string {
  const files = Object.keys(tables).map((table) => ({ name: 'FILE', table }));
  return populateCommand(files, { onConflict: '', allOrNothing: false, dryRun: true });
}
