/** What the menu offers: a command of the program with questions about its options, a group of these, or a script of commands. */
import type { Command } from 'commander';
import type { Questions } from './question-types.ts';

export interface Action {
  readonly name: string;
  /** Instead of the summary of the command. */
  readonly description?: string;
  /** As the program names it, such as `regions add`. */
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

/** Several actions behind one entry. */
interface Group {
  readonly name: string;
  readonly description: string;
  readonly actions: readonly Action[];
}

/** Several commands in a row, with decisions between them. */
export interface Script {
  readonly name: string;
  readonly description: string;
  play(questions: Questions, runner: Runner): Promise<void>;
}

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
  /** Completes `work` after Ctrl-C, and only then throws `Left`. */
  gently(work: () => Promise<void>): Promise<void>;
}

/** @returns the command line, once all questions are answered */
export async function argumentsOf(action: Action, questions: Questions, program: Command): Promise<string[]> {
  const command = commandOf(action, program);
  const args: string[] = [];
  for (const prompt of action.prompts ?? []) {
    args.push(...(await prompt(questions, command, args)));
  }
  return [...action.command.split(' '), ...args];
}

/** One sentence: the description of the entry, or else the summary of its command. */
export function describe(entry: Described | Action, program: Command): string {
  if ('command' in entry && entry.description === undefined) {
    const summary = commandOf(entry, program).summary();
    return `${summary.slice(0, 1).toUpperCase()}${summary.slice(1)}.`;
  }
  return entry.description ?? '';
}

type Described = Pick<Group, 'name' | 'description'>;

function commandOf(action: Action, program: Command): Command {
  return action.command.split(' ').reduce((parent, name) => {
    const command = parent.commands.find((one) => one.name() === name);
    if (command === undefined) {
      throw new Error(`The menu offers ${action.command}, and the program has no such command.`);
    }
    return command;
  }, program);
}
