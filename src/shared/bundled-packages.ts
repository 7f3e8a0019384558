/**
 * Has this thread import what the build has bundled (bin/modules.js, bin/packages.js) from a few files, instead of hundreds of modules that
 * cost time and some 60 KB of memory each. All modules that import a bundled module or package get the bundle, the project's own too, so that
 * there is one instance of each of its classes. A package that differs from what was bundled is imported as it is installed. The modules
 * of the build find each other without Node's search, which takes a tenth of the time of a short command.
 */
import { existsSync, lstatSync, readFileSync, realpathSync } from 'node:fs';
import { type ResolveHookContext, registerHooks } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { findPackage } from './find-package.ts';
import { buildRoot, projectRoot } from './project.ts';

/** The modules of a package that are in a bundle. */
interface Source {
  readonly name: string;
  /** The package that depends on it, where that is not Meridian. */
  readonly via?: string;
  readonly version: string;
  /** Path in the package -> bytes. */
  readonly sizes: Readonly<Record<string, number>>;
}

export interface Bundle {
  /** Paths of modules in the package, which their bundles have in the folder of the bundle. */
  readonly entries: readonly string[];
  /** The package, then what else was bundled into it. */
  readonly sources: readonly [Source, ...Source[]];
}

/** A file of Meridian's own modules. */
export interface OwnBundle {
  readonly file: string;
  /** Path in the build of the module that it is imported in place of; `undefined` where only other bundles import it. */
  readonly entry?: string;
  readonly modules: readonly string[];
}

/** Plain data, which a thread gets from the one that starts it. */
export interface Redirections {
  /** URL of a module -> URL of its bundle. */
  readonly modules: ReadonlyMap<string, string>;
  /** URL of the folder of a bundle -> URL in the package, from which the bundle's imports of other packages are resolved. */
  readonly parents: ReadonlyMap<string, string>;
}

const buildUrl = `${pathToFileURL(buildRoot)}/`;
const folder = join(buildRoot, 'packages');
const list = join(folder, 'list.json');
const ownFolder = join(folder, 'meridian');
const ownList = join(ownFolder, 'list.json');

let used: Redirections | undefined;

/** What this thread uses, for the threads that it starts. */
export function usedRedirections(): Redirections | undefined {
  return used;
}

/**
 * To be called before anything imports a package; the first call counts. Does nothing where a module was preloaded, which may have imported
 * one already.
 *
 * @param redirections by default, those of packages
 */
export function useBundledPackages(redirections = redirectionsOf(bundles())): void {
  if (isPreloaded() || used !== undefined) {
    return;
  }
  used = redirections;
  registerHooks({
    resolve(specifier, context, next) {
      if (isImportWithinBuild(specifier, context)) {
        const { href } = new URL(specifier, context.parentURL);
        return { url: redirections.modules.get(href) ?? href, format: 'module', shortCircuit: true };
      }
      const parentURL = specifier.startsWith('.') ? undefined : parentOf(redirections, context.parentURL);
      const resolved = next(specifier, parentURL === undefined ? context : { ...context, parentURL });
      const url = redirections.modules.get(resolved.url);
      return url === undefined ? resolved : { url, format: 'module' };
    },
  });
}

/** All that is built is ES modules, and none is a link, so that Node would find nothing else under a relative path. */
function isImportWithinBuild(specifier: string, { parentURL, conditions }: ResolveHookContext): boolean {
  return (
    /^\.\.?\/.*\.js$/.test(specifier) && conditions.includes('import') && (parentURL?.startsWith(buildUrl) ?? false)
  );
}

/** By an option of Node. A module in a `data:` URL can name no package. */
function isPreloaded(): boolean {
  const options = [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].join(' ');
  return /(?:^|\s)["']?(?:--import|--require|-r|--(?:experimental-)?loader)(?:=|\s+)(?!data:)/.test(options);
}

function parentOf({ parents }: Redirections, importer: string | undefined): string | undefined {
  for (const [bundle, parent] of parents) {
    if (importer?.startsWith(bundle)) {
      return parent;
    }
  }
  return undefined;
}

/** Those of packages. */
export function bundles(): readonly Bundle[] {
  return existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : [];
}

/** Those of Meridian's own modules. */
export function ownBundles(): readonly OwnBundle[] {
  return existsSync(ownList) ? JSON.parse(readFileSync(ownList, 'utf8')) : [];
}

/** @param own of Meridian's modules */
export function redirectionsOf(all: readonly Bundle[], own: readonly OwnBundle[] = []): Redirections {
  const modules = new Map<string, string>();
  for (const { file, entry } of own) {
    if (entry !== undefined) {
      modules.set(`${buildUrl}${entry}`, pathToFileURL(join(ownFolder, file)).href);
    }
  }
  const parents = new Map<string, string>();
  for (const { entries, sources } of all) {
    const [source] = sources;
    const installed = folderOf(source);
    if (installed !== undefined && sources.every(isInstalled)) {
      const bundle = join(folder, source.name);
      parents.set(`${pathToFileURL(bundle)}/`, pathToFileURL(join(installed, 'package.json')).href);
      for (const entry of entries) {
        modules.set(pathToFileURL(join(installed, entry)).href, pathToFileURL(join(bundle, entry)).href);
      }
    }
  }
  return { modules, parents };
}

/** The real path, as in the URLs of modules. */
function folderOf({ name, via }: Source): string | undefined {
  const from = via === undefined ? projectRoot : dirname(findPackage(via, projectRoot) ?? projectRoot);
  const manifest = findPackage(name, from);
  return manifest === undefined ? undefined : dirname(realpathSync(manifest));
}

/** In the same version, and with modules of the same sizes: a project may have patched it. */
function isInstalled(source: Source): boolean {
  const installed = folderOf(source);
  if (installed === undefined) {
    return false;
  }
  const { version } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as { readonly version: string };
  return (
    version === source.version &&
    Object.entries(source.sizes).every(
      ([path, size]) => lstatSync(`${installed}/${path}`, { throwIfNoEntry: false })?.size === size,
    )
  );
}
