/** Where the databases of a story are, and how they are put back to where they were: files, or databases of a server. */
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { Client } from 'pg';
import { urlVariable } from '../../../src/database/location.ts';
import { STORY_DATABASES } from './story.ts';

export interface Stage {
  /** Whether connections outlast a reset. */
  readonly staysConnected: boolean;
  /** Keeps the databases as they are now. */
  keep(): Promise<void>;
  /** Puts them back to where they were kept. */
  reset(): Promise<void>;
}

/** Files below a folder; those of the story are in `databases` there. */
export function fileStage(folder: string): Stage {
  const kept = join(folder, 'kept');
  useFiles(join(folder, 'databases'));
  return {
    staysConnected: false,
    async keep() {
      cpSync(join(folder, 'databases'), kept, { recursive: true });
    },
    async reset() {
      rmSync(join(folder, 'databases'), { recursive: true, force: true });
      cpSync(kept, join(folder, 'databases'), { recursive: true });
    },
  };
}

/** From now on the story's databases are files in this folder. */
export function useFiles(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const name of STORY_DATABASES) {
    process.env[urlVariable(name)] = `sqlite:${join(folder, `${name}.db`)}`;
  }
}

/** @param url of an empty database, for the story alone */
export function serverStage(url: string): Stage {
  for (const database of STORY_DATABASES) {
    process.env[urlVariable(database)] = `${url}?schema=${schemaOf(database)}`;
  }
  const run = async <T>(work: (client: Client) => Promise<T>): Promise<T> => {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  };
  let restore = '';
  return {
    staysConnected: true,
    keep: () =>
      run(async (client) => {
        const { rows } = await client.query<{ table: string; kept: string }>(
          `select format('%I.%I', schemaname, tablename) as table, format('kept.%I', schemaname || '.' || tablename) as kept
             from pg_tables where schemaname in (${STORY_DATABASES.map((name) => `'${schemaOf(name)}'`).join(', ')})`,
        );
        await client.query('create schema kept');
        for (const { table, kept } of rows) {
          await client.query(`create table ${kept} as table ${table}`);
        }
        restore = [
          `truncate ${rows.map(({ table }) => table).join(', ')}`,
          ...rows.map(({ table, kept }) => `insert into ${table} table ${kept}`),
        ].join('; ');
      }),
    // far sooner done than a new database
    reset: () => run(async (client) => void (await client.query(restore))),
  };
}

function schemaOf(database: string): string {
  return database.replaceAll(/\W/g, '_');
}
