/** Makes this thread load TypeScript, with what the project has for it. */
import { readFileSync } from 'node:fs';
import { register } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { MeridianError, messageOf } from '../shared/errors.ts';
import { findPackage } from '../shared/find-package.ts';
import { type ProjectTypeScript, projectTypeScript } from './tsconfig.ts';

/** A package that teaches Node.js to load TypeScript. */
interface Loader {
  readonly name: string;
  /** What of it is imported or registered. */
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
 * In the order of preference. Only the first two emit the types of decorated properties; only tsx knows the decorators of the language.
 *
 * @internal exported for tests
 */
export function loadersFor({ hasLegacyDecorators }: Pick<ProjectTypeScript, 'hasLegacyDecorators'>): readonly Loader[] {
  return hasLegacyDecorators ? [OXC, SWC, TSX] : [TSX, OXC, SWC];
}

/** What a project should install that has none. */
export function recommendedLoader(folder: string): string {
  return loadersFor(projectTypeScript(folder))[0]?.name ?? '';
}

const registered = new Map<string, string>();

/**
 * Looks for a loader from the folder of the config, and registers it in this thread, once.
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
          // both oxc and swc would take the one of the working directory
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

/** swc asks for TypeScript without bringing it, and cannot use the native one. */
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
