/** Databases that tests copy instead of migrating one of their own: made once a run, by the first test that needs one. */
import { Client } from 'pg';
import { Database } from '../../../src/database/database.ts';
import type { DatabaseDeclaration } from '../../../src/database/declaration.ts';
import { locate, urlVariable } from '../../../src/database/location.ts';
import { migrateUp } from '../../../src/database/migrate.ts';
import { catalog, central, ordersOf, products, users } from '../../../src/shop/catalog.ts';
import { serverUrl } from './available.ts';

/**
 * `catalog`: the databases that are populated, in one schema, `public`. `trading`: the same, with those of a region in place of `orders`.
 * `region`: an orders database of a region, in `public`.
 * `apart`: a region and central, in a schema each.
 */
export type Template = keyof typeof TEMPLATES;

interface Layout {
  readonly declarations: readonly DatabaseDeclaration[];
  schemaOf(database: string): string;
}

export const TEMPLATES = {
  catalog: { declarations: catalog, schemaOf: () => 'public' },
  trading: { declarations: [users, products, ordersOf('boston')], schemaOf: () => 'public' },
  region: { declarations: [ordersOf('boston')], schemaOf: () => 'public' },
  apart: { declarations: [ordersOf('boston'), central], schemaOf: schemaNamedAfter },
} as const satisfies Record<string, Layout>;

/** The schema that a database has where each has one of its own. */
export function schemaNamedAfter(database: string): string {
  return database.replaceAll(/\W/g, '_');
}

const known = new Map<Template, Promise<string>>();

/** @returns the name of a database for `create database … template` */
export function makeTemplate(template: Template): Promise<string> {
  let name = known.get(template);
  if (name === undefined) {
    name = find(template);
    known.set(template, name);
  }
  return name;
}

/** Test files in other processes may want it at the same time: one makes it, the others wait. */
async function find(template: Template): Promise<string> {
  const name = `migrated_${template}`;
  const client = new Client({ connectionString: `${serverUrl()}/postgres` });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock(1)');
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (rowCount === 0) {
      await client.query('drop database if exists incomplete');
      await client.query('create database incomplete template template0');
      await migrateAll(template, `${serverUrl()}/incomplete`);
      await client.query(`alter database incomplete rename to ${name}`);
    }
    return name;
  } finally {
    // the lock ends with the connection
    await client.end();
  }
}

async function migrateAll(template: Template, url: string): Promise<void> {
  const { declarations, schemaOf } = TEMPLATES[template];
  for (const declaration of declarations) {
    const { name } = declaration;
    const location = locate(name, { [urlVariable(name)]: `${url}?schema=${schemaOf(name)}` });
    const database = await Database.open(declaration, { location });
    try {
      await migrateUp(database);
    } finally {
      await database.close();
    }
  }
}
