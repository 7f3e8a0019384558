/** The specification of generated data: a plain object, which can be stored and sent to threads. */
import { MeridianError } from '../shared/errors.ts';

export interface GeneratedSpec {
  /** Records in each database, from 1 to {@link MAX_COUNT}. */
  readonly count: number;
  /** The same seed gives the same data: a whole number from 0. */
  readonly seed: number;
  /** The share of records to break, from 0 to 1; exactly `floor(count * invalid)` of each database are. */
  readonly invalid: number;
}

/** The maximum count: ids go from 1 to the count, and must fit into an integer column of any engine. */
export const MAX_COUNT = 2 ** 31 - 1;

/** @throws MeridianError `usage` for a number that is out of range */
export function checkSpec({ count, seed, invalid }: GeneratedSpec): void {
  if (!Number.isInteger(count) || count < 1 || count > MAX_COUNT) {
    throw new MeridianError('usage', `${count} records cannot be generated: from 1 to ${MAX_COUNT} can.`);
  }
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new MeridianError('usage', `${seed} is not a seed: a seed is a whole number from 0.`);
  }
  if (!(invalid >= 0 && invalid <= 1)) {
    throw new MeridianError('usage', `${invalid} of the records cannot be invalid: a share is from 0 to 1.`);
  }
}

/** The number of broken records per database. */
export function brokenCount({ count, invalid }: GeneratedSpec): number {
  // 100 * 0.29 is 28.999999999999996, and means 29
  return Math.floor(Number((count * invalid).toPrecision(15)));
}
