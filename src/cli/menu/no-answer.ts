/** Errors that end a question without an answer. */

/** Thrown by a question when Esc was pressed, to return to the previous step. */
export class GoneBack extends Error {}

/** Thrown by a question to leave the menu. */
export class Left extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super('The menu was left.');
    this.exitCode = exitCode;
  }
}
