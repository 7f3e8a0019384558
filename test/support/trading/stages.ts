/** Where the databases of a story are, and how they are put back to where they were: files, or databases of a server. */
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { Client } from 'pg';
import { urlVariable } from '../../../src/databases/location.ts';
import { STORY_DATABASES } from './story.ts';

export interface Stage {
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

/** @param url of an empty database, for the story alone; one with `_kept` after its name is made and removed by whoever made it */
export function serverStage(url: string): Stage {
  const base = new URL(url);
  const name = base.pathname.slice(1);
  for (const database of STORY_DATABASES) {
    process.env[urlVariable(database)] = `${url}?schema=${database.replaceAll(/\W/g, '_')}`;
  }
  const maintain = async (...statements: readonly string[]) => {
    const server = new URL(url);
    server.pathname = '/postgres';
    const client = new Client({ connectionString: server.href });
    await client.connect();
    try {
      for (const statement of statements) {
        await client.query(statement);
      }
    } finally {
      await client.end();
    }
  };
  const copy = (from: string, to: string) =>
    maintain(`drop database if exists "${to}" with (force)`, `create database "${to}" template "${from}"`);
  return {
    keep: () => copy(name, `${name}_kept`),
    reset: () => copy(`${name}_kept`, name),
  };
}
