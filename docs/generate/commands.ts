/** docs/reference/commands.md: every command of the program, as `--help` describes it, with an example. */
import type { Command, Option } from 'commander';
import { EXAMPLES } from './command-examples.ts';
import { block, code, page, prose, table } from './markdown.ts';
import { buildProgram, FAILED, INTERRUPTED, project, WRONG_USAGE } from './sources.ts';

export interface DocumentedCommand {
  /** After `meridian`, such as `order place`. */
  readonly path: string;
  readonly command: Command;
}

const program = await buildProgram(project);

/** All commands that do something, in the order of `--help`. */
export function documentedCommands(): DocumentedCommand[] {
  return program.commands.flatMap((command) => within('', command));
}

function within(parent: string, command: Command): DocumentedCommand[] {
  const path = `${parent}${command.name()}`;
  // a group by itself prints its help, unless it has options of its own
  const own = command.commands.length === 0 || command.options.length > 0 ? [{ path, command }] : [];
  return [...own, ...command.commands.flatMap((one) => within(`${path} `, one))];
}

export function commandsPage(): string {
  const commands = documentedCommands();
  return page(
    'Commands',
    `${code('npx meridian <command>')} runs a command from a clone after ${code('npm ci')}. Without a command, in a terminal, it opens a menu. ` +
      `${code('--help')} after a command prints what this page says about it. These are npm scripts as well: ${npmScripts()}.`,
    'Every command prints a table or sentences for people. Many take these options:',
    table(
      ['option', ''],
      [
        [code('--json'), 'prints one JSON value on standard output, everything else on standard error'],
        [code('--quiet'), 'prints only errors, and the JSON'],
        [code('--verbose'), 'prints the stack trace of an error'],
      ],
    ),
    `The JSON of a command that fails is an object with ${code('error')}, a sentence, and ${code('code')}: see [error codes](error-codes.md). ` +
      'Commands that run until they are stopped print one object per line.',
    table(
      ['exit code', ''],
      [
        ['0', 'done; rejected records are a normal outcome'],
        [String(FAILED), 'failed, or a limit was violated'],
        [String(WRONG_USAGE), 'wrong usage'],
        [String(INTERRUPTED), 'interrupted'],
      ],
    ),
    table(
      ['command', ''],
      commands.map(({ path, command }) => [`[${code(path)}](#${anchorOf(path)})`, command.summary()]),
    ),
    ...commands.map(section),
  );
}

/** As GitHub makes it of a heading. */
function anchorOf(path: string): string {
  return path
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');
}

function npmScripts(): string {
  return [
    'populate',
    'generate',
    'runs',
    'verify',
    'demo',
    'migrate',
    'migrate:status',
    'migrate:down',
    'migrate:check',
  ]
    .map(code)
    .join(', ');
}

function section({ path, command }: DocumentedCommand): string {
  const help = command.createHelp();
  const parts = [
    `## ${path}`,
    prose(command.description()),
    block('text', `meridian ${path} ${command.usage()}`),
    argumentsOf(command),
    optionsOf(help.visibleOptions(command)),
    notesOf(command),
    block('sh', examplesOf(path)),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function argumentsOf(command: Command): string {
  const args = command.registeredArguments;
  return args.length === 0
    ? ''
    : table(
        ['argument', ''],
        args.map((argument) => {
          const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
          return [code(argument.required ? `<${name}>` : `[${name}]`), argument.description];
        }),
      );
}

/** `--help` goes without saying, and so do the options that all commands describe alike. */
function optionsOf(options: readonly Option[]): string {
  const own = options.filter(({ long }) => !['--help', '--json', '--quiet', '--verbose'].includes(long ?? ''));
  const common = ['--json', '--quiet', '--verbose'].filter((name) => options.some(({ long }) => long === name));
  const rows = own.map((option) => [code(option.flags), descriptionOf(option)]);
  const more = common.length === 0 ? [] : [`Also takes ${common.map(code).join(', ')}.`];
  return [...(rows.length === 0 ? [] : [table(['option', ''], rows)]), ...more].join('\n\n');
}

function descriptionOf({ description, defaultValue, argChoices }: Option): string {
  const more = [
    ...(argChoices === undefined ? [] : [`one of ${argChoices.map(code).join(', ')}`]),
    ...(defaultValue === undefined ? [] : [`default: ${code(String(defaultValue))}`]),
  ];
  return more.length === 0 ? description : `${description} (${more.join('; ')})`;
}

/** What `--help` adds below the options. */
function notesOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (more) => (text += more), getOutHelpWidth: () => 80 });
  const own = command.helpInformation();
  command.outputHelp();
  const notes = text.slice(text.indexOf(own) + own.length).trim();
  return notes === '' ? '' : block('text', notes);
}

function examplesOf(path: string): string {
  const lines = EXAMPLES[path];
  if (lines === undefined) {
    throw new Error(`docs/generate/command-examples.ts has no example of "${path}".`);
  }
  return lines.join('\n');
}
