/** A project of a test's own: a folder in which the packages of this one, and Meridian itself, can be imported. */
import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectRoot } from '../../src/shared/project.ts';
import { makeFolder, writeIn } from './folder.ts';

const PACKAGES = ['@mikro-orm', 'class-validator', 'reflect-metadata'];

/**
 * @param files path -> text
 * @param packages further ones of this project's `node_modules`, such as a loader of TypeScript
 * @returns the folder
 */
export function makeProject(files: Readonly<Record<string, string>>, packages: readonly string[] = []): string {
  const folder = makeFolder();
  writeIn(folder, 'package.json', '{ "name": "own", "private": true, "type": "module" }');
  for (const name of [...PACKAGES, ...packages]) {
    link(join(projectRoot, 'node_modules', name), join(folder, 'node_modules', name));
  }
  link(projectRoot, join(folder, 'node_modules', 'meridian'));
  for (const [path, text] of Object.entries(files)) {
    writeIn(folder, path, text);
  }
  return folder;
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path, 'dir');
}
