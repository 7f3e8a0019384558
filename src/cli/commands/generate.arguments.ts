/** The options for generated data of `meridian generate` and `meridian populate`. */
import { type GeneratedSpec, MAX_COUNT } from '../../generate/spec.ts';
import { MeridianError } from '../../shared/errors.ts';
import { formatNumber } from '../output/format.ts';

export const DEFAULT_SEED = '1';
export const DEFAULT_INVALID = '0';

const WHOLE = /^\d+$/;
const DECIMAL = /^(?:\d+\.?\d*|\.\d+)$/;

/**
 * @param countOption the option that `count` was given with
 * @throws MeridianError `usage` for text that is not a number, or out of range
 */
export function specOf(
  countOption: string,
  count: string,
  seed = DEFAULT_SEED,
  invalid = DEFAULT_INVALID,
): GeneratedSpec {
  const most = formatNumber(MAX_COUNT);
  return {
    count: numberOf(countOption, count, WHOLE, 1, MAX_COUNT, `a whole number from 1 to ${most}`),
    seed: numberOf(
      '--seed',
      seed,
      WHOLE,
      0,
      Number.MAX_SAFE_INTEGER,
      `a whole number from 0 to ${formatNumber(Number.MAX_SAFE_INTEGER)}`,
    ),
    invalid: numberOf('--invalid', invalid, DECIMAL, 0, 1, 'a share from 0 to 1, such as 0.05'),
  };
}

function numberOf(option: string, text: string, shape: RegExp, least: number, most: number, expected: string): number {
  const number = shape.test(text) ? Number(text) : Number.NaN;
  if (!(number >= least && number <= most)) {
    throw new MeridianError('usage', `${option} ${text}: give ${expected}.`);
  }
  return number;
}
