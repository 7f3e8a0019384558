/** Migrated database files that tests copy instead of migrating one of their own: made once a test file. */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { Database } from '../../../src/database/database.ts';
import type { DatabaseDeclaration } from '../../../src/database/declaration.ts';
import { migrateUp } from '../../../src/database/migrate.ts';

const files = new Map<string, Promise<string>>();
let folder: string | undefined;

afterAll(() => {
  if (folder !== undefined) {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Puts a migrated database where there is no file yet. */
export async function copyMigrated(declaration: DatabaseDeclaration, to: string): Promise<void> {
  if (!existsSync(to)) {
    let file = files.get(declaration.name);
    if (file === undefined) {
      file = migrated(declaration);
      files.set(declaration.name, file);
    }
    copyFileSync(await file, to);
  }
}

async function migrated(declaration: DatabaseDeclaration): Promise<string> {
  folder ??= mkdtempSync(join(tmpdir(), 'meridian-migrated-'));
  const file = join(folder, `${declaration.name}.db`);
  const database = await Database.open(declaration, { location: { engine: 'sqlite', file } });
  try {
    await migrateUp(database);
  } finally {
    await database.close();
  }
  return file;
}
