/** `meridian init` */
import process from 'node:process';
import { type Command, Option } from 'commander';
import { MeridianError } from '../../shared/errors.ts';
import { importFor } from '../../shared/optional.ts';
import { Output } from '../output/terminal.ts';
import { EXAMPLES, type Example } from './init/examples.ts';
import { type InitResult, init } from './init/init.ts';

interface Options {
  readonly yes?: boolean;
  readonly example?: Example;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

export function defineInitCommand(command: Command): void {
  command
    .description(
      'Writes the config of a project for its MikroORM configs (mikro-orm.config and mikro-orm.<database>.config; an array gives one database each), ' +
        'npm scripts, .env.example, and a sample file for each entity that follows its columns and rules. Where there is no MikroORM config, it writes ' +
        'a small example. Overwrites nothing.',
    )
    .option('--yes', 'ask nothing and take the defaults')
    .addOption(new Option('--example <name>', 'write this example').choices(EXAMPLES))
    .option('--json', 'print one JSON object on standard output, all else on standard error')
    .option('--verbose', 'print the stack trace of an error')
    .action(run);
}

async function run(options: Options): Promise<void> {
  const output = new Output(options);
  const { example } = options;
  const questions = await questionsFor(options);
  print(output, await init({ ...(example === undefined ? {} : { example }), ...questions }));
}

/** With `--yes` or an example, no questions are asked, and the prompts are not loaded. */
async function questionsFor({ yes, example }: Options): Promise<Pick<Parameters<typeof init>[0], 'questions'>> {
  if (yes || example !== undefined) {
    return {};
  }
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new MeridianError(
      'usage',
      'init asks questions, and this is no terminal. Take the defaults with --yes, or name an example with --example minimal.',
    );
  }
  const { terminalQuestions } = await importFor('The menu', () => import('../menu/terminal-questions.ts'));
  return { questions: terminalQuestions };
}

function print(output: Output, result: InitResult): void {
  for (const path of result.written) {
    output.say(`Written: ${path}`, 'success');
  }
  for (const path of result.kept) {
    output.say(`Left as it was: ${path}`);
  }
  for (const note of result.notes) {
    output.say(note, 'warning');
  }
  output.say(`Next: ${result.next.join(', ')}`);
  output.json(result);
}
