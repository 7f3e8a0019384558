/** Databases for the tests of a project: SQLite files that go with the test. */
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

/** Which databases are made. */
export interface TemporaryOptions {
  /** Whether the samples of the config are loaded (default: `false`). */
  readonly samples?: boolean;
}

/** Open databases in a folder of their own, which `close` removes with them. */
export interface TemporaryDatabases<Name extends string = string> extends OpenDatabases<Name> {
  /** Where their files are. */
  readonly folder: string;
}

/**
 * Makes an empty SQLite database for each database of a config, in a temporary folder, migrates it and opens it. Until they are closed,
 * the URL variables of this process name them, so that every function of `meridian` works on them:
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
 * One set at a time in a process. The config needs migrations for SQLite.
 *
 * @throws MeridianError as `migrate`, `populate` and `open` do
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

/** Rejected records are a normal outcome; a load that stops is not. */
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

/** @returns what puts back the values of before */
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
