/** The project of a config that a program has imported. */
import { join } from 'node:path';
import process from 'node:process';
import { CONFIG_FILES, findConfig } from '../config/find.ts';
import { importDefault } from '../config/load.ts';
import type { Project } from '../config/module.ts';
import { loadProject } from '../config/project.ts';
import { resolveConfig } from '../config/resolve.ts';
import type { DatabasesConfig, MeridianConfig } from '../config/types.ts';
import { validateConfig } from '../config/validate.ts';

const projects = new WeakMap<object, Promise<Project>>();

/**
 * Where the config is the one that the command line would find, its file is used, so that large loads can run in threads, which import that
 * file. Any other config is treated as a file in the working directory.
 *
 * @throws MeridianError `usage` for an invalid config
 */
export function projectOf<Databases extends DatabasesConfig>(config: MeridianConfig<Databases>): Promise<Project> {
  let project = projects.get(config);
  if (project === undefined) {
    project = resolve(config);
    projects.set(config, project);
  }
  return project;
}

async function resolve(config: MeridianConfig): Promise<Project> {
  const file = findConfig();
  if (file !== undefined && (await importDefault(file, 'The config')) === config) {
    return loadProject(file);
  }
  const here = join(process.cwd(), CONFIG_FILES[0]);
  // without a config file, other threads cannot import the declarations
  const { databaseModule: _, config: __, ...project } = await resolveConfig(here, validateConfig(here, config));
  return project;
}
