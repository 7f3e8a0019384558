/** The settings of a run that affect the outcome of its records, as stored with it. */
import { parseJson } from '../../shared/json/parse.ts';
import type { ColumnMap } from '../record/columns.ts';
import type { TableValueSettings } from '../record/value-settings.ts';
import type { OnConflict } from '../write/classify.ts';

export interface RunSettings {
  readonly onConflict: OnConflict;
  readonly columns: ColumnMap;
  readonly values?: TableValueSettings;
  /** Set for an all-or-nothing run. */
  readonly allOrNothing?: true;
}

export function settingsText(settings: RunSettings): string {
  return JSON.stringify(settings);
}

/** The settings for the values of a file, as text to be compared. @param name not set for a run of one file */
export function valuesText({ values: { byFile = {}, ...values } = {} }: RunSettings, name: string | undefined): string {
  return JSON.stringify(Object.entries((name === undefined ? undefined : byFile[name]) ?? values).sort());
}

/** Reads the settings of runs of any version. */
export function settingsIn(text: string): RunSettings {
  return { onConflict: 'reject', columns: {}, ...(parseJson(text) as Partial<RunSettings>) };
}
