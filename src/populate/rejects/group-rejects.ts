/** Groups rejected records by reason, with their number and some examples of wrong values. */
import type { RejectRow } from '../../loads/run-tables.ts';
import { parseJson } from '../../shared/json/parse.ts';
import { parseExactJson } from '../../shared/json/parse-exact.ts';
import type { RecordError } from '../../shared/rules/rules.ts';

export interface RejectExample {
  readonly number: number;
  /** The file that contains it, if the source has several. */
  readonly file: string | null;
  readonly line: number;
  /** The record's value for the property; the whole record if the error is not about one property. */
  readonly value: unknown;
  readonly message: string;
}

export interface RejectGroup {
  readonly property: string | null;
  readonly code: string;
  /** The number of errors of this kind. */
  readonly count: number;
  readonly examples: readonly RejectExample[];
}

/** Returns a record's value for a property; `undefined` if it has no such column. */
export type ValueIn = (record: unknown, property: string, map: Readonly<Record<string, string>> | undefined) => unknown;

type Rejects = AsyncIterable<readonly Omit<RejectRow, 'entity' | 'run'>[]>;

/**
 * Reads rejects in pages, so that memory depends only on the number of reasons.
 *
 * @param examples the number of examples per reason
 * @param isEnough called after each page; with `true`, the rest is not read, and the counts are too low
 * @returns the reasons, most frequent first
 */
export async function groupRejects(
  rejects: Rejects,
  valueIn: ValueIn,
  examples: number,
  isEnough: (groups: readonly RejectGroup[]) => boolean = () => false,
): Promise<RejectGroup[]> {
  const groups = new Map<string, RejectGroup & { count: number; examples: RejectExample[] }>();
  for await (const page of rejects) {
    for (const { number, file, line, record, errors: text } of page) {
      const { errors, map } = errorsIn(text);
      for (const { property, code, message } of errors) {
        const key = JSON.stringify([property, code]);
        const group = groups.get(key) ?? { property, code, count: 0, examples: [] };
        groups.set(key, group);
        group.count++;
        if (group.examples.length < examples) {
          const whole = parseExactJson(record);
          const value = property === null ? whole : valueIn(whole, property, map);
          group.examples.push({ number, file, line, value, message });
        }
      }
    }
    if (isEnough([...groups.values()])) {
      break;
    }
  }
  return [...groups.values()].sort((a, b) => b.count - a.count);
}

/** The stored errors of a reject, and the data after them that is needed to read the record again. */
export function errorsIn(text: string): {
  readonly errors: readonly RecordError[];
  readonly map?: Readonly<Record<string, string>>;
  readonly standard?: readonly string[];
  readonly trim?: string;
} {
  return parseJson(`{"errors":${text}}`) as ReturnType<typeof errorsIn>;
}
