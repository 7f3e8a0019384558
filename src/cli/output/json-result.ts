/** The result of --json on standard output: one value per run, however the run ends. */
import process from 'node:process';
import { printableJson } from './printable.ts';

let result: { readonly value: unknown } | undefined;

/** Discards the result of an earlier run in this process. */
export function beginResult(): void {
  result = undefined;
}

/** Keeps the value for the end of the run. A later failure replaces it. */
export function keepResult(value: unknown): void {
  result = { value };
}

/** Prints the kept value, once. */
export function printResult(): void {
  if (result !== undefined) {
    printJson(result.value);
    result = undefined;
  }
}

export function printJson(value: unknown): void {
  process.stdout.write(`${printableJson(value)}\n`);
}
