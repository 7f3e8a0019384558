/** Parses whole numbers on the command line. */
import { InvalidArgumentError } from 'commander';

/** The parser of options and arguments that accept whole numbers from 1. */
export function wholeNumber(text: string): number {
  const number = readWhole(text);
  if (number === undefined) {
    throw new InvalidArgumentError(`It has to be a whole number from 1 to ${Number.MAX_SAFE_INTEGER}.`);
  }
  return number;
}

/** @returns `undefined` for anything but a whole number from 1 that JavaScript represents exactly */
export function readWhole(text: string): number | undefined {
  const number = Number(text);
  return /^\d+$/.test(text) && number > 0 && Number.isSafeInteger(number) ? number : undefined;
}
