/** Something that the menu does: a command of the program, and what it asks for first. */
import type { Questions } from './questions.ts';

export interface Action {
  readonly name: string;
  readonly description: string;
  /** As the program knows it, such as `order place`. */
  readonly command: string;
  /** @returns the arguments that stand after the command */
  readonly ask?: (questions: Questions) => Promise<readonly string[]>;
}

/** Several actions behind one entry. */
export interface Group {
  readonly name: string;
  readonly description: string;
  readonly actions: readonly Action[];
}

/** The arguments of an action, once its questions have been answered. */
export async function argumentsOf(action: Action, questions: Questions): Promise<string[]> {
  return [...action.command.split(' '), ...((await action.ask?.(questions)) ?? [])];
}

/** An option with its value; nothing where the answer was nothing. */
export function option(name: string, value: string): string[] {
  return value === '' ? [] : [name, value];
}
