/** What `--help` says, of every command. */
import { expect, test } from '@jest/globals';
import type { Command } from 'commander';
import { buildProgram } from '../../src/cli/program.ts';
import { project } from '../support/project.ts';

const program = await buildProgram(project);
const all = (command: Command): Command[] => [command, ...command.commands.flatMap(all)];

/** With what is added before and after it. */
function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (more) => (text += more), getOutHelpWidth: () => 80 });
  command.outputHelp();
  return text;
}

const pathOf = (command: Command): string => `${command.parent ? `${pathOf(command.parent)} ` : ''}${command.name()}`;

test.each(all(program).map((command) => [pathOf(command), command] as const))(
  '%s fits into 80 columns',
  (_, command) => {
    const lines = helpOf(command).split('\n');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines[0]).toMatch(/^Usage: meridian/);
  },
);

test.each(
  all(program)
    .slice(1)
    .map((command) => [pathOf(command), command.summary()] as const),
)('%s is summed up like the others: %s', (_, summary) => {
  expect(summary).toMatch(/^[a-z].*[^.]$/);
});
