/** Registers the TypeScript loader of the project in this thread. */
import { readFileSync } from 'node:fs';
import { register } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { MeridianError, messageOf } from '../shared/errors.ts';
import { findPackage } from '../shared/find-package.ts';
import { type ProjectTypeScript, projectTypeScript } from './tsconfig.ts';

/** A package that makes Node.js load TypeScript. */
interface Loader {
  readonly name: string;
  /** The export of the package that is imported or registered. */
  readonly entry: string;
  register(entry: URL, project: ProjectTypeScript): Promise<void>;
}

const OXC: Loader = {
  name: '@oxc-node/core',
  entry: './register',
  async register(entry) {
    await import(entry.href);
  },
};

const SWC: Loader = {
  name: '@swc-node/register',
  entry: './esm',
  async register(entry) {
    register(entry.href);
  },
};

const TSX: Loader = {
  name: 'tsx',
  entry: './esm/api',
  async register(entry, { tsconfig }) {
    const api = (await import(entry.href)) as { register(options: { tsconfig?: string }): unknown };
    api.register(tsconfig === undefined ? {} : { tsconfig });
  },
};

/**
 * Loaders in the order of preference. Only the first two emit the types of decorated properties; only tsx supports standard decorators.
 *
 * @internal exported for tests
 */
export function loadersFor({ hasLegacyDecorators }: Pick<ProjectTypeScript, 'hasLegacyDecorators'>): readonly Loader[] {
  return hasLegacyDecorators ? [OXC, SWC, TSX] : [TSX, OXC, SWC];
}

/** The package that a project without a loader should install. */
export function recommendedLoader(folder: string): string {
  return loadersFor(projectTypeScript(folder))[0]?.name ?? '';
}

const registered = new Map<string, string>();

/**
 * Finds a loader that the folder of the config can import, and registers it in this thread, once.
 *
 * @returns the name of its package; `undefined` when the project has none
 */
export async function registerTypeScript(folder: string): Promise<string | undefined> {
  const project = projectTypeScript(folder);
  for (const loader of loadersFor(project)) {
    const entry = entryOf(loader, folder);
    if (entry !== undefined) {
      const before = registered.get(entry.href);
      if (before === undefined) {
        registered.set(entry.href, loader.name);
        if (project.tsconfig !== undefined) {
          // otherwise oxc and swc read the tsconfig.json of the working directory
          process.env['TS_NODE_PROJECT'] ??= project.tsconfig;
        }
        await start(loader, entry, project);
      }
      return loader.name;
    }
  }
  return undefined;
}

async function start(loader: Loader, entry: URL, project: ProjectTypeScript): Promise<void> {
  try {
    await loader.register(entry, project);
  } catch (error) {
    const what = `${loader.name}, which loads the TypeScript of this project, cannot be loaded itself (${messageOf(error).replace(/\.$/, '')})`;
    throw new MeridianError('usage', `${what}. ${remedy(error)}`, { cause: error });
  }
}

/** swc needs the TypeScript package, which it does not install, and does not support the native version. */
function remedy(error: unknown): string {
  const [, missing] = /Cannot find (?:package|module) '([^'/.][^'.]*)'/.exec(messageOf(error)) ?? [];
  return missing === undefined
    ? 'Install it again, or remove it.'
    : `It needs ${missing}: npm install --save-dev ${missing === 'typescript' ? 'typescript@5' : missing}`;
}

/** The file behind an export of a package that the folder can import; `undefined` when it cannot. */
function entryOf({ name, entry }: Pick<Loader, 'name' | 'entry'>, folder: string): URL | undefined {
  const file = findPackage(name, folder);
  if (file === undefined) {
    return undefined;
  }
  const { exports = {} } = JSON.parse(readFileSync(file, 'utf8')) as { readonly exports?: Record<string, unknown> };
  const path = importedPath(exports[entry]);
  return path === undefined ? undefined : pathToFileURL(join(dirname(file), path));
}

function importedPath(target: unknown): string | undefined {
  if (typeof target === 'string') {
    return target;
  }
  if (typeof target !== 'object' || target === null) {
    return undefined;
  }
  const { import: imported, default: otherwise } = target as Record<string, unknown>;
  return importedPath(imported ?? otherwise);
}
