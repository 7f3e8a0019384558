/** Jest's globalSetup: one server for the whole run. Where there can be none, the tests that need it are skipped, except in CI. */
import process from 'node:process';
import { NO_SERVER_VARIABLE, SERVER_VARIABLE } from './available.ts';
import { type PostgresqlServer, startPostgresql } from './server.ts';

declare global {
  var meridianPostgresql: PostgresqlServer | undefined;
}

export default async function beforeAll(): Promise<void> {
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
