/** Temporary databases for the tests of a project, in SQLite files. */
import { join } from 'node:path';
import process from 'node:process';
import { migrate } from '../api/migrate.ts';
import type { DatabaseName } from '../api/names.ts';
import { type OpenDatabases, open } from '../api/open.ts';
import { populate } from '../api/populate.ts';
import { projectOf } from '../api/project-of.ts';
import type { DatabasesConfig, MeridianConfig } from '../config/types.ts';
import { urlVariable } from '../database/location.ts';
import type { DatabaseReport } from '../populate/report.ts';
import { makeTemporaryFolder } from '../shared/files/temporary-folder.ts';

/** Options of temporary databases. */
export interface TemporaryOptions {
  /** Whether the samples of the config are loaded (default: `false`). */
  readonly samples?: boolean;
}

/** Open databases in a temporary folder, which `close` removes. */
export interface TemporaryDatabases<Name extends string = string> extends OpenDatabases<Name> {
  /** The folder of the database files. */
  readonly folder: string;
}

/**
 * Creates, migrates and opens an empty SQLite database for each database of a config, in a temporary folder. Until they are closed, the URL
 * variables of this process point to them, so that all functions of `meridian` use them:
 *
 * ```ts
 * import { populate, verify } from 'meridian';
 * import { temporaryDatabases } from 'meridian/testing';
 * import { Customer } from './entities.ts';
 * import config from './meridian.config.ts';
 *
 * const databases = await temporaryDatabases(config);
 * try {
 *   await populate(config, { rejects: false });
 *   console.assert((await databases.em('customers').count(Customer)) === 2);
 *   console.assert((await verify(config)).isValid);
 * } finally {
 *   await databases.close();
 * }
 * ```
 *
 * A process can have only one set at a time. The config needs migrations for SQLite.
 *
 * @throws MeridianError like `migrate`, `populate` and `open`
 */
export async function temporaryDatabases<Databases extends DatabasesConfig>(
  config: MeridianConfig<Databases>,
  { samples = false }: TemporaryOptions = {},
): Promise<TemporaryDatabases<DatabaseName<Databases>>> {
  const { databases } = await projectOf(config);
  const temporary = await makeTemporaryFolder('testing');
  const names = databases.map(({ name }) => name);
  const restore = setVariables(
    Object.fromEntries(names.map((name) => [urlVariable(name), `sqlite:${join(temporary.path, `${name}.db`)}`])),
  );
  const remove = async () => {
    restore();
    await temporary.remove();
  };
  try {
    await migrate(config, { databases: names as DatabaseName<Databases>[] });
    if (samples) {
      await loadSamples(config);
    }
    const opened = await open(config);
    const close = async () => {
      await opened.close();
      await remove();
    };
    return { ...opened, folder: temporary.path, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Loads the samples. Rejected records are allowed, but failed loads are not. */
async function loadSamples<Databases extends DatabasesConfig>(config: MeridianConfig<Databases>): Promise<void> {
  const { tables } = await populate(config, { rejects: false });
  for (const { failure } of Object.values<DatabaseReport | undefined>(tables).filter(
    (report) => report !== undefined,
  )) {
    if (failure !== undefined) {
      throw failure;
    }
  }
}

/** @returns a function that restores the previous values */
function setVariables(variables: Readonly<Record<string, string>>): () => void {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) {
        delete process.env[name];
      } else {
        process.env[name] = value;
      }
    }
  };
}
