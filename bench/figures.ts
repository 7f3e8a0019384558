/** What is computed from measured times: nothing here knows what was measured. */

export interface Summary {
  readonly median: number;
  readonly least: number;
  readonly most: number;
  /** (most - least) / median */
  readonly spread: number;
}

/** @throws RangeError when there is nothing to take the median of */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  if (low === undefined || high === undefined) {
    throw new RangeError('no values, no median');
  }
  return (low + high) / 2;
}

export function summarize(values: readonly number[]): Summary {
  const [middle, least, most] = [median(values), Math.min(...values), Math.max(...values)];
  return { median: middle, least, most, spread: (most - least) / middle };
}

/**
 * How many times as long `values` took as `base`: the median of the ratios of values that were measured in the same
 * round, so that what slows the machine for a while slows both sides of a ratio.
 *
 * @throws RangeError when the two are not of the same rounds
 */
export function pairedRatio(values: readonly number[], base: readonly number[]): number {
  if (values.length !== base.length) {
    throw new RangeError(`${values.length} values cannot be paired with ${base.length}`);
  }
  return median(values.map((value, round) => value / (base[round] as number)));
}

/**
 * The least of the values that is not less than this share of all of them.
 *
 * @param share from 0 to 1
 * @throws RangeError when there are none
 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) {
    throw new RangeError('no values, no quantile');
  }
  return value;
}
