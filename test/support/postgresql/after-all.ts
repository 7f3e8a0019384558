/** Jest's globalTeardown: stops the server of the run, and removes the database files that tests have copied. */
import { rmSync } from 'node:fs';
import process from 'node:process';
import { RUN_FOLDER_VARIABLE } from '../sqlite/run-folder.ts';
import './before-all.ts';

export default async function afterAll(): Promise<void> {
  const folder = process.env[RUN_FOLDER_VARIABLE];
  if (folder !== undefined) {
    rmSync(folder, { recursive: true, force: true });
  }
  await globalThis.meridianPostgresql?.remove();
}
