/** What the menu offers: a command of the program with the questions before it, a group of these, or a script of commands. */
import type { Questions } from './questions.ts';

export interface Action {
  readonly name: string;
  readonly description: string;
  /** As the program knows it, such as `order place`. */
  readonly command: string;
  /** @returns the arguments that stand after the command */
  readonly ask?: (questions: Questions) => Promise<readonly string[]>;
}

/** Several commands in a row, which decides itself what comes next. */
export interface Script {
  readonly name: string;
  readonly description: string;
  play(questions: Questions, runner: Runner): Promise<void>;
}

/** Runs commands for the menu. */
export interface Runner {
  /**
   * @returns the exit code
   * @throws Left when Ctrl-C was pressed and the command has ended
   */
  run(args: readonly string[]): Promise<number>;
  /** Whether Ctrl-C was pressed and the running work is to end. */
  readonly isInterrupted: boolean;
  /** Completes `work` after Ctrl-C, and only then throws `Left`. */
  gently(work: () => Promise<void>): Promise<void>;
}

/** Several actions behind one entry. */
export interface Group {
  readonly name: string;
  readonly description: string;
  readonly actions: readonly Action[];
}

export type MenuEntry = Action | Group | Script;

/** The arguments of an action, once its questions have been answered. */
export async function argumentsOf(action: Action, questions: Questions): Promise<string[]> {
  return [...action.command.split(' '), ...((await action.ask?.(questions)) ?? [])];
}

/** An option with its value; nothing where the answer was nothing. */
export function option(name: string, value: string): string[] {
  return value === '' ? [] : [name, value];
}
