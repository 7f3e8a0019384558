/**
 * Jest's globalSetup: one server for the whole run. Where there can be none, the tests that need it are skipped, except in CI. All
 * temporary files are in memory where that is roomy, for most of what tests wait for is a disk.
 */
import { mkdtempSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { RUN_FOLDER_VARIABLE } from '../sqlite/run-folder.ts';
import { NO_SERVER_VARIABLE, SERVER_VARIABLE } from './available.ts';
import { type PostgresqlServer, startPostgresql } from './server.ts';

declare global {
  var meridianPostgresql: PostgresqlServer | undefined;
}

const MEMORY_FOLDER = '/dev/shm';
const ROOMY_BYTES = 4 * 1024 ** 3;

function isRoomy(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return Math.min(bavail * bsize, process.availableMemory()) >= ROOMY_BYTES;
  } catch {
    // there is none on other systems than Linux
    return false;
  }
}

export default async function beforeAll(): Promise<void> {
  if (process.env['TMPDIR'] === undefined && isRoomy(MEMORY_FOLDER)) {
    process.env['TMPDIR'] = MEMORY_FOLDER;
  }
  process.env[RUN_FOLDER_VARIABLE] = mkdtempSync(join(tmpdir(), 'meridian-migrated-'));
  // what tests start need not compile again what another one has; what coverage is measured of has to be
  if (process.env['MERIDIAN_TEST_DEPTH'] !== 'thorough') {
    process.env['NODE_COMPILE_CACHE'] ??= join(tmpdir(), 'meridian-compile-cache');
  }
  try {
    globalThis.meridianPostgresql = await startPostgresql();
    process.env[SERVER_VARIABLE] = globalThis.meridianPostgresql.url;
  } catch (error) {
    if (process.env['CI']) {
      throw error;
    }
    process.env[NO_SERVER_VARIABLE] = error instanceof Error ? error.message : String(error);
    process.stderr.write(`Tests of PostgreSQL are skipped. ${process.env[NO_SERVER_VARIABLE]}\n`);
  }
}
