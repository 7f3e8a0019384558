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
 * A config that the command line would find as well is that of its file, so that large loads run in threads of their own, which import it
 * there. Any other is taken as one in the working directory.
 *
 * @throws MeridianError `usage` for a config that is not as it should be
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
  // no other thread can import it
  const { databaseModule: _, config: __, ...project } = await resolveConfig(here, validateConfig(here, config));
  return project;
}
