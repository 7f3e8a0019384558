/**
 * Reads the tables of a schema in the form of MikroORM's snapshots, which have the default schema, and those of schemas that entities name.
 */
import type { Configuration } from '@mikro-orm/core';
import { type AbstractSqlDriver, DatabaseSchema } from '@mikro-orm/sql';

/** @param schema the schema of the tables. Snapshots do not name it, since databases in different schemas share them. */
export async function readTables(
  driver: AbstractSqlDriver,
  config: Configuration,
  schema: string,
): Promise<DatabaseSchema> {
  const platform = driver.getPlatform();
  const { skipTables, skipViews } = config.get('schemaGenerator');
  const common = platform.getDefaultSchemaName() ?? schema;
  const others = [...driver.getMetadata()].flatMap((meta) => meta.schema ?? []).filter((one) => one !== '*');
  const schemas = [...new Set([schema, ...others])];
  // types and sequences of the schema need no prefix
  platform.getDefaultSchemaName = () => schema;
  let tables: DatabaseSchema;
  try {
    tables = await DatabaseSchema.create(
      driver.getConnection(),
      platform,
      config,
      schema,
      schemas,
      undefined,
      skipTables as (string | RegExp)[],
      skipViews as (string | RegExp)[],
    );
  } finally {
    Reflect.deleteProperty(platform, 'getDefaultSchemaName');
  }
  moveTo(tables, schema, common);
  tables.setNamespaces(new Set([common, ...others]));
  return tables;
}

function moveTo(tables: DatabaseSchema, from: string, to: string): void {
  const renamed = (name: string) => (name.startsWith(`${from}.`) ? `${to}${name.slice(from.length)}` : name);
  for (const table of tables.getTables()) {
    if (table.schema === from) {
      (table as { schema?: string }).schema = to;
    }
    for (const key of Object.values(table.getForeignKeys())) {
      key.localTableName = renamed(key.localTableName);
      key.referencedTableName = renamed(key.referencedTableName);
    }
  }
}
