/**
 * Prepares every connection, of pools and of locks, before its first use: checks that its session is not shared, and applies the settings
 * that statements rely on, whatever a role, a database or `PGOPTIONS` specifies.
 */
import type { ClientBase, ClientConfig } from 'pg';
import { BUSY_SECONDS } from '../engine.ts';
import { refuseSharedSession } from './pooler.ts';
import type { PostgresqlLocation } from './url.ts';

/** Settings that an older server does not have are skipped. */
const SETTINGS: Readonly<Record<string, string>> = {
  // how text becomes a value
  array_nulls: 'on', // else NULL in an array is the text "NULL"
  standard_conforming_strings: 'on', // else a backslash in a literal begins an escape
  datestyle: 'ISO, MDY',
  timezone: 'UTC',

  // how a value becomes text for the driver
  intervalstyle: 'postgres',
  bytea_output: 'hex',
  extra_float_digits: '3', // else floating-point numbers lose digits

  // which rows a statement finds
  transform_null_equals: 'off', // else "= null" is "is null"
  gin_fuzzy_search_limit: '0', // else a search in JSON may miss rows
  row_security: 'off', // fail, rather than let a policy hide rows

  // transaction semantics
  default_transaction_isolation: 'read committed',

  // timeouts of sessions and statements: a load waits for its source, and creating a large index takes long
  exit_on_error: 'off', // duplicate keys are errors too, and expected
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
 * @param config the configuration of the connection, for opening similar ones
 * @throws Error if the session is shared with other connections; see `explainPostgresqlError`
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
    // unqualified names resolve to the chosen schema only
    search_path: client.escapeIdentifier(schema),
  };
  await client.query(SET_ALL, [JSON.stringify(settings)]);
}
