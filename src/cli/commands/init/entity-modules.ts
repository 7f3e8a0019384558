/** Finds the module of a project that exports an entity, and the name of the export, for the imports of the config. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { EntityMetadata, EntityName } from '@mikro-orm/core';
import { classOf } from '../../../database/declaration.ts';
import { messageOf } from '../../../shared/errors.ts';

export interface EntityModule {
  /** The path relative to the root, such as `./src/customer.entity.ts`. */
  readonly path: string;
  /** The name of the export. */
  readonly name: string;
}

const SOURCES = '**/*.{ts,mts,js,mjs}';
const NO_SOURCES = ['**/node_modules/**', '**/dist/**', '**/build/**', '**/*.d.ts', '**/*.{test,spec}.*', '**/.*/**'];
const DECLARES = /\bdefineEntity\b|\bEntitySchema\b/;

/** @returns `undefined` for an entity that no module of the project exports */
export async function moduleOf(
  entity: EntityName<object>,
  { path, className }: Pick<EntityMetadata, 'path' | 'className'>,
  root: string,
): Promise<EntityModule | undefined> {
  for (const file of [...decorated(path), ...declaring(className, root)]) {
    const name = await exportOf(file, entity);
    if (name !== undefined) {
      return { path: `./${relative(root, file).replaceAll('\\', '/')}`, name };
    }
  }
  return undefined;
}

/** The file of an entity with decorators, which record it. */
function decorated(path: string | undefined): string[] {
  const file = path?.startsWith('file:') ? fileURLToPath(path) : path;
  return file !== undefined && isAbsolute(file) && existsSync(file) ? [file] : [];
}

/** Files that declare a schema and contain the name of the entity. */
function declaring(className: string, root: string): string[] {
  const isNamed = (text: string) => DECLARES.test(text) && text.includes(className);
  return globSync(SOURCES, { cwd: root, exclude: NO_SOURCES })
    .map((path) => join(root, path))
    .filter((file) => isNamed(readFileSync(file, 'utf8')));
}

async function exportOf(file: string, entity: EntityName<object>): Promise<string | undefined> {
  let exports: Readonly<Record<string, unknown>>;
  try {
    exports = await import(pathToFileURL(file).href);
  } catch (error) {
    throw new Error(`${file} cannot be loaded: ${messageOf(error)}`, { cause: error });
  }
  const [name] = Object.entries(exports).find(([key, value]) => key !== 'default' && isSame(value, entity)) ?? [];
  return name;
}

/** Whether an export is the entity; a schema counts as its class. */
function isSame(value: unknown, entity: EntityName<object>): boolean {
  const isEntity = typeof value === 'function' || (typeof value === 'object' && value !== null);
  return isEntity && classOf(value as EntityName<object>) === classOf(entity);
}
