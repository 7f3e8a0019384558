/** Previews a file before it is loaded: the detected settings, its columns, and the first records. */
import type { PopulatePlan } from '../../config/module.ts';
import { messageOf } from '../../shared/errors.ts';
import { refused } from './load-query.ts';

const FIRST_RECORDS = 5;

export interface Preview {
  readonly format: string | null;
  /** `null` for formats whose records name their columns. */
  readonly columns: readonly string[] | null;
  readonly detected: readonly { readonly setting: string; readonly value: string; readonly why: string }[];
  readonly records: readonly unknown[];
  /** Why the file cannot be read further. */
  readonly problem: string | null;
}

/** @param directory for copies of sources that can be read only once */
export async function previewOf({ sources }: PopulatePlan, directory: string): Promise<Preview> {
  const [source] = Object.values(sources);
  if (source === undefined) {
    throw refused('Name the table that the file is for: ?table=users.');
  }
  const kept = (await source.keep?.(directory, { isExamined: false, first: FIRST_RECORDS })) ?? source;
  try {
    const open = await kept.open();
    try {
      const records: unknown[] = [];
      let problem: string | null = null;
      try {
        for await (const chunk of open.records) {
          records.push(...chunk.map(({ record }) => record));
          if (records.length >= FIRST_RECORDS) {
            break;
          }
        }
      } catch (error) {
        problem = messageOf(error);
      }
      return {
        format: open.format ?? null,
        columns: open.columns ?? null,
        detected: (open.detected ?? []).map(({ setting, value, why }) => ({ setting, value, why })),
        records: records.slice(0, FIRST_RECORDS),
        problem,
      };
    } finally {
      await open.close();
    }
  } finally {
    await kept.release?.();
  }
}
