/**
 * Prepares every connection before its first use, those of a pool and those of locks: its session must not be shared, and its
 * settings must be the ones that statements rely on, whatever a role, a database or `PGOPTIONS` sets.
 */
import type { ClientBase, ClientConfig } from 'pg';
import { BUSY_SECONDS } from '../engine.ts';
import { refuseSharedSession } from './pooler.ts';
import type { PostgresqlLocation } from './url.ts';

/** Settings that an older server does not have are left out. */
const SETTINGS: Readonly<Record<string, string>> = {
  // how text becomes a value
  array_nulls: 'on', // else NULL in an array is the text "NULL"
  standard_conforming_strings: 'on', // else a backslash in a literal begins an escape
  datestyle: 'ISO, MDY',
  timezone: 'UTC',

  // how a value becomes text, as the driver reads it
  intervalstyle: 'postgres',
  bytea_output: 'hex',
  extra_float_digits: '3', // else digits of a floating-point number are missing

  // which rows a statement finds
  transform_null_equals: 'off', // else "= null" is "is null"
  gin_fuzzy_search_limit: '0', // else a search in JSON finds some of the rows only
  row_security: 'off', // a policy that would hide rows is an error

  // what a transaction is
  default_transaction_isolation: 'read committed',

  // how long a session lasts, and a statement: a load waits for its source, and a large index takes its time
  exit_on_error: 'off', // a key that is taken is an error as well, and expected
  statement_timeout: '0',
  transaction_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  idle_session_timeout: '0',
};

/** `synchronous_commit` is raised if it is off, since a reported commit has to survive a crash, and never lowered. */
const SET_ALL = `
  select set_config(wanted.name, wanted.value, false)
    from json_each_text($1) as wanted(name, value) join pg_settings as there on lower(there.name) = wanted.name
   where wanted.name <> 'synchronous_commit' or there.setting = 'off'`;

/**
 * @param config of the connection, to make others like it
 * @throws Error when the session is shared with other connections; see `explainPostgresqlError`
 */
export async function prepareSession(
  client: ClientBase,
  { schema }: PostgresqlLocation,
  config: ClientConfig,
): Promise<void> {
  await refuseSharedSession(client, config);
  const settings = {
    ...SETTINGS,
    synchronous_commit: 'on',
    lock_timeout: `${BUSY_SECONDS}s`,
    // unqualified names mean the chosen schema and nothing else
    search_path: client.escapeIdentifier(schema),
  };
  await client.query(SET_ALL, [JSON.stringify(settings)]);
}
