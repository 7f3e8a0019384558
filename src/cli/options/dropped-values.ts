/** Rejects command lines with values that commander would silently ignore. */
import type { Command, Option } from 'commander';
import { MeridianError } from '../../shared/errors.ts';
import { printable } from '../output/printable.ts';
import { ListOption } from './list.option.ts';

const MAX_SHOWN = 60;

/**
 * Watches all options of all commands. The program then throws MeridianError `usage` while it parses, or before it runs a command.
 *
 * @param program with all of its commands
 */
export function refuseDroppedValues(program: Command): void {
  refuseSecondValues(program);
  program.hook('preAction', (_, command) => refuseOptionsOfParents(command));
}

/** Commander keeps the last value of an option that is given twice. */
function refuseSecondValues(command: Command): void {
  for (const option of command.options.filter(takesOneValue)) {
    let first: string | undefined;
    command.on(`option:${option.name()}`, (value: string) => {
      if (first !== undefined) {
        throw new MeridianError(
          'usage',
          `${option.long} takes one value, and ${shown(first)} and ${shown(value)} are given. Keep one of them; where both are needed, run the command once for each.`,
        );
      }
      first = value;
    });
  }
  for (const one of command.commands) {
    refuseSecondValues(one);
  }
}

function takesOneValue(option: Option): boolean {
  return (option.required || option.optional) && !(option instanceof ListOption);
}

function shown(value: string): string {
  return `"${printable(value, MAX_SHOWN)}"`;
}

/** A command with subcommands parses its own options in any position, even those that its subcommand does not have. */
function refuseOptionsOfParents(command: Command): void {
  // options of the program itself apply to every command
  for (let parent = command.parent; parent !== null && parent.parent !== null; parent = parent.parent) {
    const unknown = parent.options.find(
      (option) =>
        parent?.getOptionValueSource(option.attributeName()) === 'cli' &&
        !command.options.some(({ long }) => long === option.long),
    );
    if (unknown !== undefined) {
      throw new MeridianError(
        'usage',
        `${unknown.long} is an option of ${pathOf(parent)}, and ${pathOf(command)} does not take it. Leave it out.`,
      );
    }
  }
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}
