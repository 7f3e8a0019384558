/** Menu entries: a command of the program with questions about its options, a group of these, or a script of commands. */
import type { Command } from 'commander';

export interface Choice<T> {
  readonly value: T;
  readonly name: string;
  /** Shown while the choice is selected. */
  readonly description?: string;
}

interface TextOptions {
  /** The answer when nothing is typed. */
  readonly default?: string;
  /** @returns what is wrong with the answer; `undefined` if it is accepted */
  readonly check?: (text: string) => string | undefined;
}

/** Asks questions in the menu. Esc returns to the entries from any question. */
export interface Questions {
  choose<T>(message: string, choices: readonly Choice<T>[], first?: NoInfer<T>): Promise<T>;
  text(message: string, options?: TextOptions): Promise<string>;
  confirm(message: string, byDefault: boolean): Promise<boolean>;
  /** Prints a sentence before the next question. */
  say(sentence: string): void;
}

/** Runs one command, after questions about its options. */
export interface Action {
  readonly name: string;
  /** Replaces the summary of the command. */
  readonly description?: string;
  /** The full name of the command, such as `regions add`. */
  readonly command: string;
  readonly prompts?: readonly Prompt[];
}

/**
 * Asks for some arguments of a command.
 *
 * @param given the arguments so far
 * @returns the arguments to append
 */
export type Prompt = (questions: Questions, command: Command, given: readonly string[]) => Promise<readonly string[]>;

/** A submenu of several actions. */
export interface Group {
  readonly name: string;
  readonly description: string;
  readonly actions: readonly Action[];
}

/** A sequence of commands, with decisions between them. */
export interface Script {
  readonly name: string;
  readonly description: string;
  play(questions: Questions, runner: Runner): Promise<void>;
}

/** An entry of the menu. */
export type MenuEntry = Action | Group | Script;

/** Runs commands for the menu. */
export interface Runner {
  /**
   * @returns the exit code
   * @throws Left when Ctrl-C was pressed and the command has ended
   */
  run(args: readonly string[]): Promise<number>;
  /** Whether Ctrl-C was pressed and the running work is to end. */
  readonly isInterrupted: boolean;
  /** Completes `work` even if Ctrl-C is pressed, and then throws `Left`. */
  gently(work: () => Promise<void>): Promise<void>;
}
