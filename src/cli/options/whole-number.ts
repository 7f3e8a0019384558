/** How whole numbers are read from the command line. */
import { InvalidArgumentError } from 'commander';
import { MAX_QUANTITY } from '../../replication/events/limits.ts';
import { formatNumber } from '../output/terminal.ts';

/** For an option or an argument that takes a whole number from 1. */
export function wholeNumber(text: string): number {
  const number = readWhole(text);
  if (number === undefined) {
    throw new InvalidArgumentError(`It has to be a whole number from 1 to ${Number.MAX_SAFE_INTEGER}.`);
  }
  return number;
}

/** For an option that says how many pieces. */
export function quantityNumber(text: string): number {
  const number = readQuantity(text);
  if (number === undefined) {
    throw new InvalidArgumentError(`It has to be a whole number from 1 to ${formatNumber(MAX_QUANTITY)}.`);
  }
  return number;
}

/** @returns `undefined` for what is not a whole number from 1, or cannot be held exactly */
export function readWhole(text: string): number | undefined {
  const number = Number(text);
  return /^\d+$/.test(text) && number > 0 && Number.isSafeInteger(number) ? number : undefined;
}

/** @returns `undefined` for more pieces than there can be as well */
export function readQuantity(text: string): number | undefined {
  const number = readWhole(text);
  return number !== undefined && number <= MAX_QUANTITY ? number : undefined;
}
