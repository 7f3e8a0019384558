/** Questions to a person: one interface, so that answers can come from the terminal or from a test. */

export interface Choice<T> {
  readonly value: T;
  readonly name: string;
  /** Shown while the choice is selected. */
  readonly description?: string;
}

interface TextOptions {
  /** The answer when nothing is typed. */
  readonly default?: string;
  /** @returns what is wrong with the answer; nothing when it is accepted */
  readonly check?: (text: string) => string | undefined;
}

export interface Questions {
  choose<T>(message: string, choices: readonly Choice<T>[], first?: NoInfer<T>): Promise<T>;
  text(message: string, options?: TextOptions): Promise<string>;
  confirm(message: string, byDefault: boolean): Promise<boolean>;
  /** Prints a sentence before the next question. */
  say(sentence: string): void;
}

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
