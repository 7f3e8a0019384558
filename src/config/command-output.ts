/** Where a command writes: results for people or programs on one stream, everything else on the other. */

/** What the effects of a module on `verify` print to. */
export interface CommandOutput {
  /** Part of the result, for people. */
  say(text: string, tone?: Tone): void;
  /** Something on the way to the result. */
  note(text: string, tone?: Tone): void;
  /** Something that went wrong; --quiet does not hide it. */
  complain(text: string, tone?: Tone): void;
  /** One of several things failed, and the command continues with the others. */
  fail(error: Error, sentence?: string): void;
  /** The result, for programs: printed at the end of the run, unless it fails after this. */
  json(value: unknown): void;
}

/** What a text reports: success, something to look at, or an error. */
export type Tone = 'success' | 'warning' | 'error';
