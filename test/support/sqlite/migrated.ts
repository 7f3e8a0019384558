/** Migrated database files that tests copy instead of migrating one of their own: made once a run, by the first test that needs one. */
import { copyFileSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll } from '@jest/globals';
import { Database } from '../../../src/database/database.ts';
import type { DatabaseDeclaration } from '../../../src/database/declaration.ts';
import { migrateUp } from '../../../src/database/migrate.ts';
import { RUN_FOLDER_VARIABLE } from './run-folder.ts';

const files = new Map<string, Promise<string>>();
let own: string | undefined;

afterAll(() => {
  if (own !== undefined) {
    rmSync(own, { recursive: true, force: true });
  }
});

/** Puts a migrated database where there is no file yet. */
export async function copyMigrated(declaration: DatabaseDeclaration, to: string): Promise<void> {
  if (!existsSync(to)) {
    let file = files.get(declaration.name);
    if (file === undefined) {
      file = find(declaration);
      files.set(declaration.name, file);
    }
    copyFileSync(await file, to);
  }
}

/** Test files in other processes may make it at the same time: the last one is kept, and none is ever incomplete. */
async function find(declaration: DatabaseDeclaration): Promise<string> {
  const file = join(folderOfRun(), `${declaration.name}.db`);
  if (!existsSync(file)) {
    const incomplete = `${file}.${process.pid}`;
    await migrate(declaration, incomplete);
    renameSync(incomplete, file);
  }
  return file;
}

/** A run without Jest's globalSetup, as that of a mutant, has one for each test file. */
function folderOfRun(): string {
  const folder = process.env[RUN_FOLDER_VARIABLE];
  if (folder !== undefined) {
    return folder;
  }
  own ??= mkdtempSync(join(tmpdir(), 'meridian-migrated-'));
  return own;
}

async function migrate(declaration: DatabaseDeclaration, file: string): Promise<void> {
  const database = await Database.open(declaration, { location: { engine: 'sqlite', file } });
  try {
    await migrateUp(database);
  } finally {
    await database.close();
  }
}
