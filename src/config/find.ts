/** Finds the config of a project: the one that is named, or the nearest one in the working directory and the folders above it. */
import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { readEnvironmentFile } from '../shared/environment-file.ts';
import { MeridianError } from '../shared/errors.ts';
import { buildRoot, projectRoot } from '../shared/project.ts';

/** File names of configs, in the order in which a folder is searched. */
export const CONFIG_FILES = [
  'meridian.config.ts',
  'meridian.config.mts',
  'meridian.config.js',
  'meridian.config.mjs',
] as const;

const CONFIG_VARIABLE = 'MERIDIAN_CONFIG';

export interface FindOptions {
  /** The value of `--config`, relative to the working directory. */
  readonly option?: string | undefined;
  readonly folder?: string;
  readonly environment?: NodeJS.ProcessEnv;
}

/**
 * The absolute path of the config: that of `--config`, else that of `MERIDIAN_CONFIG`, else the nearest one in the working directory and
 * the folders above it.
 *
 * @returns `undefined` where none is named and none is found
 * @throws MeridianError `usage` where the named config is not a file, or a folder has two configs
 */
export function findConfig({
  option,
  folder = process.cwd(),
  environment = process.env,
}: FindOptions = {}): string | undefined {
  if (environment === process.env) {
    readEnvironmentFile();
  }
  if (option !== undefined) {
    return named('--config', option, folder);
  }
  const variable = environment[CONFIG_VARIABLE]?.trim();
  return variable ? named(CONFIG_VARIABLE, variable, folder) : searchUpward(folder);
}

function named(by: string, path: string, folder: string): string {
  const file = resolve(folder, path);
  if (path === '' || !statSync(file, { throwIfNoEntry: false })?.isFile()) {
    throw new MeridianError('usage', `${by} names ${path === '' ? 'no file' : `${file}, and there is no such file`}.`);
  }
  return file;
}

function searchUpward(folder: string): string | undefined {
  const [file, other] = CONFIG_FILES.map((name) => join(folder, name)).filter((path) => existsSync(path));
  if (file !== undefined && other !== undefined) {
    throw new MeridianError(
      'usage',
      `There are two configs, ${file} and ${other}. Remove one of them, or name one with --config.`,
    );
  }
  const above = dirname(folder);
  return file ?? (above === folder ? undefined : searchUpward(above));
}

/** The error of a command that needs a config where there is none. */
export function noConfig(folder: string = process.cwd()): MeridianError {
  return new MeridianError(
    'usage',
    `There is no ${CONFIG_FILES[0]} in ${folder} or a folder above it. Write one with npx meridian init, or name one with --config <file>.`,
  );
}

/** The config of Meridian's own clone, which is used where no other is found; the published package does not include it. */
export function cloneConfig(): string | undefined {
  const file = join(projectRoot, CONFIG_FILES[0]);
  // the compiled config is what is loaded; a deployment may have it without its source
  return existsSync(file) || existsSync(join(buildRoot, 'meridian.config.js')) ? file : undefined;
}
