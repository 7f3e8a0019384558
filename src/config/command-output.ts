/** The output of a command: results for people or programs go to one stream, everything else to the other. */

/** The output that the `verify` extension of a module prints to. */
export interface CommandOutput {
  /** Part of the result, for people. */
  say(text: string, tone?: Tone): void;
  /** Progress, which is not part of the result. */
  note(text: string, tone?: Tone): void;
  /** A problem; --quiet does not hide it. */
  complain(text: string, tone?: Tone): void;
  /** The failure of one of several items; the command continues with the others. */
  fail(error: Error, sentence?: string): void;
  /** The result, for programs: printed at the end of the run, unless it fails after this. */
  json(value: unknown): void;
}

/** What a text reports: success, a warning or an error. */
export type Tone = 'success' | 'warning' | 'error';
