/** Where a command writes: results for people or programs on one stream, everything else on the other. */
import process from 'node:process';
import Table from 'cli-table3';
import { messageOf } from '../../shared/errors.ts';
import { keepResult, printJson } from './json-result.ts';
import { printableLines, withoutControls } from './printable.ts';
import { fitTable } from './table.fit.ts';

export { printable, printableLines } from './printable.ts';

export interface OutputOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  /** Whether errors are told with their stacks. */
  readonly verbose?: boolean;
}

/** How far apart attempts are when each of them is told. */
const SELDOM_MILLISECONDS = 1000;

export class Output {
  readonly #json: boolean;
  readonly #quiet: boolean;
  readonly #verbose: boolean;
  #retried: string | undefined;

  constructor({ json = false, quiet = false, verbose = false }: OutputOptions) {
    this.#json = json;
    this.#quiet = quiet;
    this.#verbose = verbose;
  }

  /** Whether progress bars can be drawn. */
  get isInteractive(): boolean {
    return process.stderr.isTTY && !this.#quiet;
  }

  /** Part of the result, for people: standard output, unless that belongs to JSON. */
  say(text: string): void {
    if (!this.#quiet) {
      print(this.#json ? process.stderr : process.stdout, text);
    }
  }

  /** Something on the way to the result. */
  note(text: string): void {
    if (!this.#quiet) {
      print(process.stderr, text);
    }
  }

  /** Something that went wrong; --quiet does not hide it. */
  complain(text: string): void {
    print(process.stderr, text);
  }

  /** One of several things failed, and the command goes on with the others. */
  fail(error: Error, sentence = messageOf(error)): void {
    this.complain(`Error: ${printableLines(sentence)}`);
    if (this.#verbose) {
      this.complain(error.stack ?? '');
    }
  }

  /** Something failed that is tried again by itself. The same again is told only when attempts have become seldom. */
  retrying(sentence: string, milliseconds: number): void {
    if (sentence !== this.#retried || milliseconds >= SELDOM_MILLISECONDS) {
      this.#retried = sentence;
      this.complain(printableLines(`${sentence} Next attempt in ${(milliseconds / 1000).toFixed(2)} s.`));
    }
  }

  /** The result, for programs: printed at the end of the run, unless it fails after this. */
  json(value: unknown): void {
    if (this.#json) {
      keepResult(value);
    }
  }

  /** One of many results, of a command that runs until it is stopped: printed at once, in a line of its own. */
  jsonLine(value: unknown): void {
    if (this.#json) {
      printJson(value);
    }
  }
}

/** Whatever a text quotes, a terminal obeys none of it. */
export function print(stream: NodeJS.WritableStream, text: string): void {
  stream.write(`${withoutControls(text)}\n`);
}

/** A number that is written out already, such as an amount. */
export interface Figure {
  readonly figure: string;
}

export type Cell = string | number | bigint | Figure;

/** What names a thing and counts nothing: to the right like a number, without separators, so that it can be pasted back. */
export function idCell(value: number | bigint): Figure {
  return { figure: String(value) };
}

/** More than anybody reads, and less than the library that draws them can take. */
const MAX_ROWS = 10_000;

export interface TableOptions {
  /** The last row, which is shown however many there are. */
  readonly total?: readonly Cell[];
  /** Of the terminal; none where the table goes elsewhere. */
  readonly terminalColumns?: number;
}

/** Numbers stand to the right, all else to the left. In a terminal that is too narrow, cells go on in further lines. */
export function renderTable(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  { total, terminalColumns = process.stdout.columns ?? Number.POSITIVE_INFINITY }: TableOptions = {},
): string {
  const isOfNumbers = head.map((_, column) => rows.some((row) => typeof (row[column] ?? '') !== 'string'));
  const shown = rows.slice(0, MAX_ROWS);
  const all = total === undefined ? shown : [...shown, total];
  const fitting = fitTable([head, ...all.map((row) => row.map(textOf))], isOfNumbers, terminalColumns);
  const [fittingHead = [], ...cells] = fitting.rows;
  const table = new Table({
    head: [...fittingHead],
    colAligns: isOfNumbers.map((isNumber) => (isNumber ? 'right' : 'left')),
    style: { head: [], border: [], compact: true, 'padding-left': fitting.padding, 'padding-right': fitting.padding },
  });
  table.push(...cells.map((row) => [...row]));
  const more = rows.length - shown.length;
  return more === 0 ? table.toString() : `${table}\n… and ${countOf(more, 'row')} more: --json has all of them.`;
}

function textOf(cell: Cell): string {
  const text = typeof cell === 'object' ? cell.figure : typeof cell === 'string' ? cell : formatNumber(cell);
  // before it is measured, so that columns stay columns
  return withoutControls(text);
}

/** A point in time in a table, to the second: `2010-12-01 08:26:00Z`, which options take as well. */
export function formatInstant(instant: string): string {
  return instant.replace(/^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.\d+)?Z$/, '$1 $2Z');
}

/** "1 record", "2,000 records" */
export function countOf(count: number, noun: string): string {
  return `${formatNumber(count)} ${noun}${count === 1 ? '' : 's'}`;
}

export function formatNumber(value: number | bigint): string {
  return typeof value === 'bigint' || Number.isInteger(value) ? value.toLocaleString('en') : value.toFixed(2);
}
