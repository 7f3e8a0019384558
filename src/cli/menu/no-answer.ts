/** How a question ends without an answer. */

/** Thrown by a question when Esc was pressed: back to where it was asked from. */
export class GoneBack extends Error {}

/** Thrown by a question when the menu is to be left. */
export class Left extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super('The menu was left.');
    this.exitCode = exitCode;
  }
}
