/** The run's PostgreSQL server, as Jest's workers find it. */
import process from 'node:process';

export const SERVER_VARIABLE = 'MERIDIAN_TEST_POSTGRESQL';
export const NO_SERVER_VARIABLE = 'MERIDIAN_TEST_NO_POSTGRESQL';

/** The superuser's URL without a database. */
export function serverUrl(): string {
  const url = process.env[SERVER_VARIABLE];
  if (url === undefined) {
    throw new Error(`There is no PostgreSQL server: ${process.env[NO_SERVER_VARIABLE]}`);
  }
  return url;
}
