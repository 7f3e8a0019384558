/** Converts a menu entry to a command line. */
import type { Command } from 'commander';
import type { Action, Group, Questions } from '../../config/menu-entry.ts';

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
