/** Parses a command line as the program does, and runs nothing. */
import type { Command } from 'commander';
import { buildProgram } from '../../src/cli/program.ts';
import { project } from './project.ts';

/**
 * @param words what stands after `meridian`
 * @returns the command that would run, such as `order place`
 * @throws CommanderError for a command, an option or a value that the program does not take
 */
export async function parse(words: readonly string[]): Promise<string> {
  const program = await buildProgram(project, words);
  let chosen = '';
  const muffle = (command: Command, path: readonly string[]) => {
    command.configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
    for (const one of command.commands) {
      const here = [...path, one.name()];
      // a group is no command by itself, but for this one
      if (one.commands.length === 0 || one.name() === 'regions') {
        one.action(() => {
          chosen = here.join(' ');
        });
      }
      muffle(one, here);
    }
  };
  muffle(program, []);
  await program.parseAsync([...words], { from: 'user' });
  return chosen;
}
