/** Finds the MikroORM configs of a project: one file for each database, or one that exports several. */
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { EntityName, Options } from '@mikro-orm/sql';
import { importDefault } from '../../../config/load.ts';
import { resolveOrm } from '../../../config/orm.ts';

export interface FoundDatabase {
  /** A unique name, in lower case with hyphens. */
  readonly name: string;
  /** The path of the MikroORM config, relative to the root: `./mikro-orm.config.ts`. */
  readonly file: string;
  /** The name of the config in a file that exports several. */
  readonly contextName?: string;
  readonly options: Options;
  readonly entities: readonly EntityName<object>[];
}

const EXTENSIONS = '{ts,mts,js,mjs}';
const PATTERNS = ['', 'src/'].flatMap((folder) => [
  `${folder}mikro-orm.config.${EXTENSIONS}`,
  `${folder}mikro-orm.*.config.${EXTENSIONS}`,
]);

/** @param configFile the path of Meridian's config, whose folder paths are relative to */
export async function findDatabases(root: string, configFile: string): Promise<FoundDatabase[]> {
  const found: FoundDatabase[] = [];
  for (const path of configPaths(root)) {
    for (const { name, contextName } of await namesIn(join(root, path))) {
      const file = `./${path}`;
      const orm = contextName === undefined ? file : { file, contextName };
      const { options, entities } = await resolveOrm(name ?? 'default', orm, configFile);
      const unique = uniqueName(name ?? nameFrom(options), found);
      found.push({ name: unique, file, ...(contextName === undefined ? {} : { contextName }), options, entities });
    }
  }
  return found;
}

/** Config paths, TypeScript before compiled files. */
function configPaths(root: string): string[] {
  const configured = packageConfigPaths(root).map((path) => path.replace(/^\.\//, ''));
  const all = [...configured, ...globSync(PATTERNS, { cwd: root }).map((path) => path.replaceAll('\\', '/'))].sort();
  const stem = (path: string) => path.replace(/\.[cm]?[jt]s$/, '');
  const isSource = (path: string) => /ts$/.test(path);
  return [...new Set(all)].filter(
    (path) => isSource(path) || !all.some((other) => isSource(other) && stem(other) === stem(path)),
  );
}

/** Config paths that package.json names for MikroORM's command line. */
function packageConfigPaths(root: string): string[] {
  const [file] = globSync('package.json', { cwd: root });
  if (file === undefined) {
    return [];
  }
  const { 'mikro-orm': settings } = JSON.parse(readFileSync(join(root, file), 'utf8')) as {
    readonly 'mikro-orm'?: { readonly configPaths?: readonly string[] };
  };
  const paths = settings?.configPaths ?? [];
  // the first existing one, as in MikroORM
  return paths.filter((path) => globSync(path.replace(/^\.\//, ''), { cwd: root }).length > 0).slice(0, 1);
}

interface Named {
  /** `undefined` where the name comes from the options of the config. */
  readonly name: string | undefined;
  readonly contextName?: string;
}

async function namesIn(file: string): Promise<Named[]> {
  const exported = await importDefault(file, 'The MikroORM config');
  const [, ofFile] = /^mikro-orm\.(.+)\.config\.[cm]?[jt]s$/.exec(basename(file)) ?? [];
  if (!Array.isArray(exported)) {
    return [{ name: ofFile }];
  }
  const configs = (await Promise.all(
    exported.map(async (one: unknown) => (typeof one === 'function' ? await one('default') : one)),
  )) as Options[];
  return configs.map(({ contextName = 'default' }) => ({
    name: contextName === 'default' ? undefined : contextName,
    contextName,
  }));
}

/** `./data/app.db` -> `app` */
function nameFrom({ dbName = '', clientUrl = '' }: Options): string {
  const last = (dbName || clientUrl.replace(/\?.*$/, '')).split('/').at(-1) ?? '';
  return last.replace(/\.(?:db|sqlite3?)$/i, '').replace(/^:memory:$/, '');
}

function uniqueName(text: string, found: readonly FoundDatabase[]): string {
  const name = toName(text) || 'main';
  const isTaken = (one: string) => found.some((other) => other.name === one);
  const numbers = Array.from({ length: found.length + 2 }, (_, index) => index + 1);
  return numbers.map((number) => (number === 1 ? name : `${name}-${number}`)).find((one) => !isTaken(one)) ?? name;
}

/** Converts text to a valid database name. */
export function toName(text: string): string {
  return text
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 40);
}
