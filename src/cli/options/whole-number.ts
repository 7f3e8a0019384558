/** How whole numbers are read from the command line. */
import { InvalidArgumentError } from 'commander';

/** For an option or an argument that takes a whole number from 1. */
export function wholeNumber(text: string): number {
  const number = readWhole(text);
  if (number === undefined) {
    throw new InvalidArgumentError(`It has to be a whole number from 1 to ${Number.MAX_SAFE_INTEGER}.`);
  }
  return number;
}

/** @returns `undefined` for anything but a whole number from 1 that JavaScript holds exactly */
export function readWhole(text: string): number | undefined {
  const number = Number(text);
  return /^\d+$/.test(text) && number > 0 && Number.isSafeInteger(number) ? number : undefined;
}
