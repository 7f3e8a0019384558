/** Databases of a test's own on the run's server, gone when the test file is through. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach } from '@jest/globals';
import { Client, TypeOverrides } from 'pg';
import { serverUrl } from './available.ts';
import { makeTemplate, type Template } from './templates.ts';

const made: string[] = [];

afterAll(async () => {
  for (const name of made.splice(0)) {
    await query(`${serverUrl()}/postgres`, `drop database if exists "${name}" with (force)`);
  }
  await disconnect();
});

/** Makes a database, empty or with migrated tables, and returns its URL. */
export async function freshDatabase(template?: Template): Promise<string> {
  return copyOf(template === undefined ? 'template0' : await makeTemplate(template));
}

/** Makes a database as the one at `url` is, to which nothing may be connected, and returns its URL. */
export function copyDatabase(url: string): Promise<string> {
  return copyOf(new URL(url).pathname.slice(1));
}

async function copyOf(source: string): Promise<string> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await query(`${serverUrl()}/postgres`, `create database "${name}" template "${source}" strategy file_copy`);
  made.push(name);
  return `${serverUrl()}/${name}`;
}

interface Kept {
  readonly client: Promise<Client>;
  /** Settles after the newest statement. */
  last: Promise<unknown>;
}

const kept = new Map<string, Kept>();

afterEach(disconnect);

async function disconnect(): Promise<void> {
  const connections = [...kept.values()];
  kept.clear();
  await Promise.all(connections.map(async ({ client }) => (await client).end()));
}

/** Rows of a statement, with whole numbers as numbers; in the schema that the URL names, if it does. */
export async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const connection = keep(url);
  // statements of one connection run one after the other
  const result = connection.last.then(async () => (await connection.client).query(sql));
  connection.last = result.catch(() => undefined);
  return (await result).rows;
}

/** A connection for all statements of a test, for it takes longer to make than most statements. */
function keep(url: string): Kept {
  const known = kept.get(url);
  if (known !== undefined) {
    return known;
  }
  const made: Kept = { client: connect(url), last: Promise.resolve() };
  kept.set(url, made);
  const forget = () => {
    if (kept.get(url) === made) {
      kept.delete(url);
    }
  };
  made.client.then((connected) => connected.once('end', forget), forget);
  return made;
}

/** A connection of another program, to be ended by the test. */
export async function connect(url: string): Promise<Client> {
  const types = new TypeOverrides();
  types.setTypeParser(20, Number);
  const plain = new URL(url);
  const schema = plain.searchParams.get('schema') ?? 'public';
  plain.search = '';
  const client = new Client({ connectionString: plain.href, types });
  // one that the server ends fails at the next query
  client.on('error', () => undefined);
  await client.connect();
  await client.query(`set search_path to ${client.escapeIdentifier(schema)}`);
  return client;
}
