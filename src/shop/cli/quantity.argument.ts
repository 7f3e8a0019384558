/** Parses a number of pieces on the command line. */
import { InvalidArgumentError } from 'commander';
import { formatNumber, readWhole } from '../../module.ts';
import { MAX_QUANTITY } from '../limits.ts';

/** The parser of options with a number of pieces. */
export function quantityNumber(text: string): number {
  const number = readQuantity(text);
  if (number === undefined) {
    throw new InvalidArgumentError(`It has to be a whole number from 1 to ${formatNumber(MAX_QUANTITY)}.`);
  }
  return number;
}

/** @returns `undefined` for invalid text, and for a number beyond the maximum */
export function readQuantity(text: string): number | undefined {
  const number = readWhole(text);
  return number !== undefined && number <= MAX_QUANTITY ? number : undefined;
}
