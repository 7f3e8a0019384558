/** The output of a command: results for people or programs go to one stream, everything else to the other. */
import process from 'node:process';
import type { CommandOutput, Tone } from '../../config/command-output.ts';
import { messageOf } from '../../shared/errors.ts';
import { coloured } from './colour.ts';
import { keepResult, printJson } from './json-result.ts';
import { printableLines, withoutControls } from './printable.ts';

/** The parsed options of {@link withOutputOptions}. */
export interface OutputOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  /** Whether errors are printed with their stacks. */
  readonly verbose?: boolean;
}

/** If the interval between attempts is at least this, each attempt is reported. */
const SELDOM_MILLISECONDS = 1000;

/** The output of a command. With `--json`, standard output has only the result for programs. */
export class Output implements CommandOutput {
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
  say(text: string, tone?: Tone): void {
    if (!this.#quiet) {
      print(this.#json ? process.stderr : process.stdout, text, tone);
    }
  }

  /** Progress, which is not part of the result. */
  note(text: string, tone?: Tone): void {
    if (!this.#quiet) {
      print(process.stderr, text, tone);
    }
  }

  /** A problem; --quiet does not hide it. */
  complain(text: string, tone: Tone = 'warning'): void {
    print(process.stderr, text, tone);
  }

  /** The failure of one of several items; the command continues with the others. */
  fail(error: Error, sentence = messageOf(error)): void {
    this.complain(`Error: ${printableLines(sentence)}`, 'error');
    if (this.#verbose) {
      this.complain(error.stack ?? '');
    }
  }

  /** Reports a failure that is retried automatically. A repeated failure is reported only when attempts have become rare. */
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

  /** One of many results of a command that runs until it is stopped: printed immediately, on its own line. */
  jsonLine(value: unknown): void {
    if (this.#json) {
      printJson(value);
    }
  }
}

/** Prints without control characters, so that quoted text cannot control the terminal. */
export function print(stream: NodeJS.WritableStream, text: string, tone?: Tone): void {
  stream.write(`${coloured(stream, withoutControls(text), tone)}\n`);
}
