/** How a number of pieces is read from the command line. */
import { InvalidArgumentError } from 'commander';
import { formatNumber, readWhole } from '../../module.ts';
import { MAX_QUANTITY } from '../limits.ts';

/** For an option with a number of pieces. */
export function quantityNumber(text: string): number {
  const number = readQuantity(text);
  if (number === undefined) {
    throw new InvalidArgumentError(`It has to be a whole number from 1 to ${formatNumber(MAX_QUANTITY)}.`);
  }
  return number;
}

/** @returns `undefined` for more pieces than there can be as well */
export function readQuantity(text: string): number | undefined {
  const number = readWhole(text);
  return number !== undefined && number <= MAX_QUANTITY ? number : undefined;
}
