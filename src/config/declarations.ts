/** The declarations of a config, for the threads of a load: a thread imports `declarations.js?config=<path>`, which loads that config. */
import type { DatabaseDeclaration } from '../database/declaration.ts';
import { loadProject } from './project.ts';

const file = new URL(import.meta.url).searchParams.get('config');
if (file === null) {
  throw new Error('Name the config in the URL of this module: declarations.js?config=<path>.');
}
const project = await loadProject(file);

/**
 * The declaration of a database of the config, or of one of its modules.
 *
 * @public imported by the name of its module
 */
export function declarationOf(database: string): DatabaseDeclaration | undefined {
  return (
    project.databases.find(({ name }) => name === database) ??
    project.modules.map((module) => module.declarationOf?.(database)).find((one) => one !== undefined)
  );
}
