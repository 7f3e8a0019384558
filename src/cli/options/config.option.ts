/** The option `--config` of every command. It is parsed before the commands, since the config determines which commands exist. */
import { Option } from 'commander';
import { MeridianError } from '../../shared/errors.ts';

export const CONFIG_OPTION = new Option(
  '--config <file>',
  'the config of the project; else that of MERIDIAN_CONFIG, or the first meridian.config.ts from here upward',
);

const NAME = '--config';

/** @returns the file that the option names, and the arguments without it */
export function takeConfigOption(given: readonly string[]): { args: string[]; config: string | undefined } {
  const end = given.indexOf('--');
  const args: string[] = [];
  let config: string | undefined;
  for (let index = 0; index < given.length; index++) {
    const arg = given[index] ?? '';
    const isOption = (end < 0 || index < end) && (arg === NAME || arg.startsWith(`${NAME}=`));
    if (!isOption) {
      args.push(arg);
      continue;
    }
    if (config !== undefined) {
      throw new MeridianError('usage', `${NAME} is given twice. Keep one of them.`);
    }
    config = arg === NAME ? given[++index] : arg.slice(NAME.length + 1);
    if (config === undefined) {
      throw new MeridianError('usage', `${NAME} needs the name of a file.`);
    }
  }
  return { args, config };
}
