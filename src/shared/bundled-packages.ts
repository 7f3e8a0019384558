/**
 * Redirects the imports of this thread to the bundles that the build makes (bin/modules.js, bin/packages.js): a few files instead of
 * hundreds of modules, each of which costs time and some 60 KB of memory. Every import of a bundled module or package is redirected, the
 * project's own imports too, so that each of its classes has one instance. A package that differs from the bundled one is imported from
 * node_modules. Imports between modules of the build skip Node's resolution, which takes a tenth of the time of a short command.
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
  /** The package that depends on this one, if it is not Meridian. */
  readonly via?: string;
  readonly version: string;
  /** Path in the package -> size in bytes. */
  readonly sizes: Readonly<Record<string, number>>;
}

export interface Bundle {
  /** Paths of the entry modules in the package; the bundles have the same paths in the bundle folder. */
  readonly entries: readonly string[];
  /** The package itself, then the packages that are bundled into it. */
  readonly sources: readonly [Source, ...Source[]];
}

/** A bundle of Meridian's own modules. */
export interface OwnBundle {
  readonly file: string;
  /** Path, in the build, of the module that the bundle replaces; `undefined` for a bundle that only other bundles import. */
  readonly entry?: string;
  readonly modules: readonly string[];
}

/** Plain data, so that a thread can pass it to the threads that it starts. */
export interface Redirections {
  /** URL of a module -> URL of its bundle. */
  readonly modules: ReadonlyMap<string, string>;
  /** URL of a bundle's folder -> URL in the package, from which the bundle's imports of other packages are resolved. */
  readonly parents: ReadonlyMap<string, string>;
}

const buildUrl = `${pathToFileURL(buildRoot)}/`;
const folder = join(buildRoot, 'packages');
const list = join(folder, 'list.json');
const ownFolder = join(folder, 'meridian');
const ownList = join(ownFolder, 'list.json');

let used: Redirections | undefined;

/** The redirections of this thread, to be passed to the threads that it starts. */
export function usedRedirections(): Redirections | undefined {
  return used;
}

/**
 * Call it before anything imports a package; only the first call has an effect. Does nothing if a module was preloaded, since that may have
 * imported a package already.
 *
 * @param redirections by default, those to the bundles of packages
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

/** The build contains only ES modules and no links, so Node would resolve a relative import to the same file. */
function isImportWithinBuild(specifier: string, { parentURL, conditions }: ResolveHookContext): boolean {
  return (
    /^\.\.?\/.*\.js$/.test(specifier) && conditions.includes('import') && (parentURL?.startsWith(buildUrl) ?? false)
  );
}

/** Whether an option of Node preloads a module. A module in a `data:` URL cannot import packages. */
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

/** Bundles of packages. */
export function bundles(): readonly Bundle[] {
  return existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : [];
}

/** Bundles of Meridian's own modules. */
export function ownBundles(): readonly OwnBundle[] {
  return existsSync(ownList) ? JSON.parse(readFileSync(ownList, 'utf8')) : [];
}

/** @param own bundles of Meridian's own modules */
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

/** The real path, since the URLs of modules contain real paths. */
function folderOf({ name, via }: Source): string | undefined {
  const from = via === undefined ? projectRoot : dirname(findPackage(via, projectRoot) ?? projectRoot);
  const manifest = findPackage(name, from);
  return manifest === undefined ? undefined : dirname(realpathSync(manifest));
}

/** Whether the installed package has the same version and module sizes; a project may have patched it. */
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
