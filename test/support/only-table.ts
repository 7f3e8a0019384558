/** The one table of a database in which files are loaded into one entity only. */
import type { Database } from '../../src/database/database.ts';
import type { DatabaseDeclaration, EntityDeclaration } from '../../src/database/declaration.ts';
import { type Table, tableOf } from '../../src/database/table.ts';

export function onlyEntity({ name, entities }: DatabaseDeclaration): EntityDeclaration {
  const [entity, ...more] = entities;
  if (entity === undefined || more.length > 0) {
    throw new Error(`${name} has ${entities.length} entities`);
  }
  return entity;
}

export function onlyTable(database: Database): Table {
  return tableOf(database, onlyEntity(database.declaration).name);
}
