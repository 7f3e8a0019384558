/** Starts the command line: loads the config and runs the given command, or opens the menu if there is none in a terminal. */
import process from 'node:process';
import { cloneConfig, findConfig, noConfig } from '../config/find.ts';
import type { Project } from '../config/module.ts';
import { loadProject } from '../config/project.ts';
import { messageOf } from '../shared/errors.ts';
import { importFor } from '../shared/optional.ts';
import { takeConfigOption } from './options/config.option.ts';
import { FAILED } from './output/exit-code.ts';
import { print } from './output/terminal.ts';
import { untilSettled } from './output/unsettled.ts';
import { complain, run } from './run.ts';

/** Commands that do not need or read a config. */
const WITHOUT_CONFIG = ['init'];

const NO_PROJECT: Project = { databases: [], modules: [] };

/** Sets the exit code of this process. */
export async function start(given: readonly string[]): Promise<void> {
  // if the reader closes the pipe, as head does, the output ends, but the work continues
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && stream === process.stdout) {
        process.stderr.write(`Error: standard output cannot be written: ${error.message}.\n`);
      }
      process.exitCode ||= error.code === 'EPIPE' ? 0 : FAILED;
    });
  }
  process.exitCode = await untilSettled(work(given), (error) => complain(error, given));
}

async function work(given: readonly string[]): Promise<number> {
  try {
    const { args, config } = takeConfigOption(given);
    const project = await projectFor(args, config);
    const isMenu = args.length === 0 && process.stdin.isTTY && process.stdout.isTTY;
    return await (isMenu ? openMenu(project) : run(args, project));
  } catch (error) {
    return complain(error, given);
  }
}

/** Opens the menu. Only this loads the prompts. */
async function openMenu(project: Project): Promise<number> {
  const { menu } = await importFor('The menu', () => import('./menu/menu.ts'));
  return menu(project);
}

/**
 * Loads the project of the config. Help works without a valid config, and then lists the tool's own commands.
 *
 * @throws MeridianError `usage` if there is no config for a command that needs one
 */
async function projectFor(args: readonly string[], option: string | undefined): Promise<Project> {
  const command = args.find((arg) => !arg.startsWith('-'));
  if (WITHOUT_CONFIG.includes(command ?? '')) {
    return NO_PROJECT;
  }
  const isHelp = args.length === 0 || command === 'help' || args.some((arg) => arg === '--help' || arg === '-h');
  try {
    const file = findConfig({ option }) ?? cloneConfig();
    if (file !== undefined) {
      return await loadProject(file);
    }
  } catch (error) {
    if (!isHelp) {
      throw error;
    }
    print(process.stderr, `Warning: ${messageOf(error)}`, 'warning');
  }
  if (!isHelp) {
    throw noConfig();
  }
  return NO_PROJECT;
}
