/** The programs of the system, such as npm with the Node.js that it was installed with, and not those of this checkout's packages. */
import { delimiter } from 'node:path';
import process from 'node:process';
import { projectRoot } from '../../src/shared/project.ts';

/** `PATH` without the folders of packages. */
export function systemPath(): string {
  const isOfPackages = (folder: string) => folder.startsWith(projectRoot) || folder.includes('node_modules');
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.filter((folder) => !isOfPackages(folder)).join(delimiter);
}
