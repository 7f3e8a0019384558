/** Questions about options and arguments. The parser of the command validates the answers. */
import { type Argument, type Command, InvalidArgumentError, type Option } from 'commander';
import type { Prompt } from '../../config/menu-entry.ts';
import { MeridianError } from '../../shared/errors.ts';
import { ListOption } from '../options/list.option.ts';

/** @returns what is wrong with an answer; `undefined` if it is accepted */
type Check = (text: string) => string | undefined;

export interface PromptOptions {
  readonly default?: string;
  /** Throws the same error as the command for an invalid value (default: the parser of the option). */
  readonly check?: (text: string) => unknown;
  /** For list options: the question for one more value, which is asked after each value. */
  readonly another?: string;
  /** For optional choices: the name of the answer that omits the option. */
  readonly none?: string;
}

/** Asks for the value of `--option` or `<argument>`. An empty answer omits an option that is not mandatory. */
export function ask(flag: string, message: string, options: PromptOptions = {}): Prompt {
  return async (questions, command) => {
    const target = targetOf(command, flag);
    const isArgument = !flag.startsWith('--');
    const written = (value: string) => (value === '' ? [] : isArgument ? [value] : [flag, value]);
    if (target.argChoices !== undefined) {
      const all = options.none === undefined ? [] : [{ value: '', name: options.none }];
      const choices = target.argChoices.map((value) => ({ value, name: value }));
      return written(await questions.choose(message, [...all, ...choices]));
    }
    const check = checkOf(target, options.check);
    const isOptional = 'mandatory' in target && !target.mandatory && options.another === undefined;
    const text = () =>
      questions.text(message, {
        ...(options.default === undefined ? {} : { default: options.default }),
        check: (answer) => (answer === '' && isOptional ? undefined : check(answer)),
      });
    const values = [await text()];
    while (options.another !== undefined && (await questions.confirm(options.another, false))) {
      values.push(await text());
    }
    return values.flatMap(written);
  };
}

/** Asks which of several flags to give. */
export function askFlag(message: string, names: Readonly<Record<string, string>>): Prompt {
  return async (questions) => {
    const choices = Object.entries(names).map(([value, name]) => ({ value, name }));
    const flag = await questions.choose(message, choices);
    return flag === '' ? [] : [flag];
  };
}

function targetOf(command: Command, flag: string): Option | Argument {
  const target =
    command.options.find(({ long }) => long === flag) ??
    command.registeredArguments.find((argument) => argument.name() === flag);
  if (target === undefined) {
    throw new Error(`The menu asks for ${flag}, and ${command.name()} has no such option or argument.`);
  }
  return target;
}

function checkOf(target: Option | Argument, check: (text: string) => unknown = parserOf(target)): Check {
  return (text) => {
    try {
      check(text);
      return undefined;
    } catch (error) {
      if (error instanceof InvalidArgumentError || error instanceof MeridianError) {
        // the prefix of the command's message repeats the question
        return error.message.replace(/^(?:[A-Z][a-z]+ 1: |--[a-z-]+ )/, '');
      }
      throw error;
    }
  };
}

function parserOf(target: Option | Argument): (text: string) => unknown {
  const { parseArg } = target;
  return (text) => parseArg?.(text, (target instanceof ListOption ? undefined : target.defaultValue) as never);
}
