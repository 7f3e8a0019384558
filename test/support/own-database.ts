/** A database of a test's own entities, with one migration that makes what MikroORM makes of them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Database, type DatabaseOptions } from '../../src/database/database.ts';
import { type DatabaseDeclaration, tableNameOf } from '../../src/database/declaration.ts';
import { withLoads } from '../../src/loads/own-tables.ts';
import type { PopulateOptions } from '../../src/populate/options.ts';
import type { PopulateReport } from '../../src/populate/report.ts';
import { populateIn } from './databases.ts';
import type { Place } from './engines.ts';
import { makeFolder } from './folder.ts';
import { sourceOf } from './sources.ts';

/** Statements that the migration makes before and after those of the entities. */
export interface MoreStatements {
  readonly before?: readonly string[];
  readonly after?: readonly string[];
}

export interface OwnDatabase {
  readonly place: Place;
  readonly declaration: DatabaseDeclaration;
  readonly options: DatabaseOptions;
  /** @param records entity -> its records */
  load(
    records: Readonly<Record<string, readonly unknown[]>>,
    options?: Partial<PopulateOptions>,
  ): Promise<PopulateReport>;
}

export async function ownDatabase(
  place: Place,
  declared: DatabaseDeclaration,
  more: MoreStatements = {},
): Promise<OwnDatabase> {
  const declaration = withLoads(declared);
  const migrationsDirectory = makeFolder();
  const options = { ...place.options(declaration.name), migrationsDirectory };
  const database = await Database.unconnected(declaration, options);
  const sql = await database.orm.schema.getCreateSchemaSQL({ wrap: false });
  await database.close();
  const statements = sql.split(/;\s*\n/).filter((one) => one.trim() !== '' && !/^(set names|create schema)/i.test(one));
  writeMigration(migrationsDirectory, [...(more.before ?? []), ...statements, ...(more.after ?? [])]);
  return {
    place,
    declaration,
    options,
    load: (records, given = {}) =>
      populateIn(place, {
        catalog: [declaration],
        sources: Object.fromEntries(
          Object.entries(records).map(([entity, some]) => [tableNameOf(declaration, entity), sourceOf(some)]),
        ),
        databaseOptions: () => options,
        ...given,
      }),
  };
}

function writeMigration(folder: string, statements: readonly string[]): void {
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(
    join(folder, 'Migration20260101000000.js'),
    `import { Migration } from ${JSON.stringify(import.meta.resolve('@mikro-orm/migrations'))};
export class Migration20260101000000 extends Migration {
  name = 'Migration20260101000000';
  up() {
    ${statements.map((one) => `this.addSql(${JSON.stringify(one)});`).join('\n    ')}
  }
}
`,
  );
}
