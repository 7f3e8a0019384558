/** The settings of a run that decide the outcome of its records, as they are stored with it. */
import { parseJson } from '../../shared/json/parse.ts';
import type { ColumnMap } from '../record/columns.ts';
import type { ValueSettings } from '../record/value-settings.ts';
import type { OnConflict } from '../write/classify.ts';

export interface RunSettings {
  readonly onConflict: OnConflict;
  readonly columns: ColumnMap;
  readonly values?: ValueSettings;
  /** Whether the run loads everything or nothing. */
  readonly allOrNothing?: true;
}

export function settingsText(settings: RunSettings): string {
  return JSON.stringify(settings);
}

/** Of runs of any version. */
export function settingsIn(text: string): RunSettings {
  return { onConflict: 'reject', columns: {}, ...(parseJson(text) as Partial<RunSettings>) };
}
