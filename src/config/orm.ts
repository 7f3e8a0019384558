/** Resolves the MikroORM options of a database, in any of the forms that a config may have them in. */
import { dirname, resolve } from 'node:path';
import type { EntityName, Options } from '@mikro-orm/sql';
import { MeridianError, messageOf } from '../shared/errors.ts';
import { importDefault, isLoadedTypeScript } from './load.ts';
import type { OrmConfig } from './types.ts';

/** Options with `baseDir` set, and the entities loaded from their files. */
export interface ResolvedOptions {
  readonly options: Options;
  /** All entities that the options name. */
  readonly entities: readonly EntityName<object>[];
}

/**
 * @param database the database name: the argument of option functions, and the key among several configs
 * @param configFile the config file, whose folder paths are relative to
 * @throws MeridianError `usage`
 */
export async function resolveOrm(database: string, orm: OrmConfig, configFile: string): Promise<ResolvedOptions> {
  const folder = dirname(configFile);
  const { file, contextName } = fileOf(orm, folder);
  const exported = file === undefined ? orm : await importDefault(file, 'The MikroORM config');
  const what = file === undefined ? `${configFile}: databases.${database}.orm` : `The MikroORM config ${file}`;
  const options = await chosen(exported, what, { database, contextName });
  const resolved: Options = {
    ...options,
    baseDir: resolve(folder, options.baseDir ?? '.'),
    preferTs: options.preferTs ?? isLoadedTypeScript(file ?? configFile),
  };
  return { options: resolved, entities: await entitiesOf(resolved, what) };
}

function fileOf(orm: OrmConfig, folder: string): { readonly file?: string; readonly contextName?: string } {
  if (typeof orm === 'string') {
    return { file: resolve(folder, orm) };
  }
  return 'file' in orm && 'contextName' in orm ? { ...orm, file: resolve(folder, orm.file) } : {};
}

interface Choice {
  readonly database: string;
  /** The `contextName` that the config requests. */
  readonly contextName: string | undefined;
}

/** Resolves an export as MikroORM's command line does: an object, a function, a promise, or an array of these, chosen by `contextName`. */
async function chosen(exported: unknown, what: string, { database, contextName = database }: Choice): Promise<Options> {
  const value = await called(await exported, contextName, what);
  if (!Array.isArray(value)) {
    return optionsFrom(value, what);
  }
  const configs = await Promise.all(
    value.map(async (one) => optionsFrom(await called(await one, contextName, what), what)),
  );
  const nameOf = (config: Options) => config.contextName ?? 'default';
  const [config, second] = configs.filter((one) => nameOf(one) === contextName);
  if (config === undefined || second !== undefined) {
    throw new MeridianError(
      'usage',
      `${what} has ${config === undefined ? 'no config' : 'several configs'} with the contextName "${contextName}". ` +
        `There are ${configs.map(nameOf).join(', ')}. Choose one with databases.${database}.orm: { file, contextName }.`,
    );
  }
  return config;
}

async function called(value: unknown, contextName: string, what: string): Promise<unknown> {
  if (typeof value !== 'function') {
    return value;
  }
  try {
    return await value(contextName);
  } catch (error) {
    throw error instanceof MeridianError
      ? error
      : new MeridianError('usage', `${what} cannot be read: its function failed (${messageOf(error)}).`, {
          cause: error,
        });
  }
}

function optionsFrom(value: unknown, what: string): Options {
  if (typeof value !== 'object' || value === null) {
    throw new MeridianError('usage', `${what} gives no MikroORM options: it has to be an object, or return one.`);
  }
  return value as Options;
}

/** The classes and schemas among the entities of the options, and those in the files that paths and patterns match. */
async function entitiesOf(options: Options, what: string): Promise<EntityName<object>[]> {
  const { entities = [], entitiesTs = [], preferTs, baseDir = '.' } = options;
  const given = preferTs && entitiesTs.length > 0 ? entitiesTs : entities;
  const paths = given.filter((one) => typeof one === 'string');
  const classes = given.filter((one) => typeof one !== 'string') as EntityName<object>[];
  if (paths.length === 0) {
    return classes;
  }
  const { discoverEntities } = await import('@mikro-orm/core/file-discovery');
  try {
    const found = [...(await discoverEntities(paths, { baseDir }))] as EntityName<object>[];
    if (found.length === 0) {
      throw new MeridianError('usage', `${what} names entities by ${paths.join(', ')}, and no file there has one.`);
    }
    return [...classes, ...found];
  } catch (error) {
    throw error instanceof MeridianError
      ? error
      : new MeridianError(
          'usage',
          `${what} names entities by ${paths.join(', ')}, which cannot be loaded: ${messageOf(error)}`,
          { cause: error },
        );
  }
}
