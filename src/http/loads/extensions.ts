/** Options that modules add to `populate`, as query parameters: `--region-by <column>` is `regionBy`. */
import { Command } from 'commander';
import type { Module, PopulatePlan } from '../../config/module.ts';
import type { Call, Parameter } from '../../config/route.ts';

interface ModuleOption {
  readonly flag: string;
  readonly parameter: Parameter;
}

/** Options that name a file are refused: the caller means a file of its own, and the server must not read one of the server's. */
const NAMES_FILE = /<(?:file|path|directory)>/;

/** Parameter name -> option. */
export function moduleOptions(modules: readonly Module[]): Readonly<Record<string, ModuleOption>> {
  const command = commandOf(modules);
  const options = command.options.filter(({ flags }) => !NAMES_FILE.test(flags));
  return Object.fromEntries(
    options.map((option) => [
      option.attributeName(),
      {
        flag: option.long ?? option.flags,
        parameter: option.isBoolean()
          ? { type: 'boolean', description: option.description }
          : { type: 'string', description: option.description, minLength: 1 },
      },
    ]),
  );
}

/** @returns the plan as the options of the modules change it @throws MeridianError `usage` */
export async function extendPlan(
  modules: readonly Module[],
  query: Call['query'],
  plan: PopulatePlan,
): Promise<PopulatePlan> {
  const command = commandOf(modules);
  const given = Object.entries(moduleOptions(modules)).flatMap(([name, { flag }]) => {
    const value = query[name];
    return value === undefined || value === false ? [] : value === true ? [flag] : [flag, String(value)];
  });
  command.parseOptions(given);
  let extended = plan;
  for (const { populate } of modules) {
    extended = (await populate?.plan(command.opts(), extended, Object.keys(plan.sources))) ?? extended;
  }
  return extended;
}

function commandOf(modules: readonly Module[]): Command {
  const command = new Command().exitOverride();
  for (const { populate } of modules) {
    populate?.addOptions(command);
  }
  return command;
}
