/** Loads the config of a project, once in each thread. */
import { dirname } from 'node:path';
import { readProjectEnvironment } from './environment.ts';
import { importDefault } from './load.ts';
import type { Project } from './module.ts';
import { resolveConfig } from './resolve.ts';
import { validateConfig } from './validate.ts';

const loaded = new Map<string, Promise<Project>>();

/**
 * @param file the absolute path of the config
 * @throws MeridianError `usage` for a config that cannot be loaded or is invalid
 */
export function loadProject(file: string): Promise<Project> {
  let project = loaded.get(file);
  if (project === undefined) {
    project = load(file);
    loaded.set(file, project);
  }
  return project;
}

async function load(file: string): Promise<Project> {
  readProjectEnvironment(dirname(file));
  return resolveConfig(file, validateConfig(file, await importDefault(file, 'The config')));
}
