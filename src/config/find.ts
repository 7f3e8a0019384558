/** Where the config of a project is: named, or found upward from the working directory. */
import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { readEnvironmentFile } from '../shared/environment-file.ts';
import { MeridianError } from '../shared/errors.ts';
import { buildRoot, projectRoot } from '../shared/project.ts';

/** In the order in which a folder is searched. */
export const CONFIG_FILES = [
  'meridian.config.ts',
  'meridian.config.mts',
  'meridian.config.js',
  'meridian.config.mjs',
] as const;

const CONFIG_VARIABLE = 'MERIDIAN_CONFIG';

export interface FindOptions {
  /** What `--config` names, from the working directory. */
  readonly option?: string | undefined;
  readonly folder?: string;
  readonly environment?: NodeJS.ProcessEnv;
}

/**
 * The absolute path of the config: that of `--config`, else that of `MERIDIAN_CONFIG`, else the first one from the working directory
 * upward.
 *
 * @returns `undefined` where none is named and none is found
 * @throws MeridianError `usage` for one that is named and is no file, or two in one folder
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

/** The sentence for a command that needs a config where there is none. */
export function noConfig(folder: string = process.cwd()): MeridianError {
  return new MeridianError(
    'usage',
    `There is no ${CONFIG_FILES[0]} in ${folder} or a folder above it. Write one with npx meridian init, or name one with --config <file>.`,
  );
}

/** In a clone of Meridian, its own config serves where no other is found; the package comes without it. */
export function cloneConfig(): string | undefined {
  const file = join(projectRoot, CONFIG_FILES[0]);
  // the build is what is loaded, and stands alone where only that has been deployed
  return existsSync(file) || existsSync(join(buildRoot, 'meridian.config.js')) ? file : undefined;
}
