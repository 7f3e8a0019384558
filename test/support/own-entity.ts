/** A database of an entity of a test's own, with one migration that makes what MikroORM makes of the entity. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Database, type DatabaseOptions } from '../../src/database/database.ts';
import { type DatabaseDeclaration, withOneEntity } from '../../src/database/declaration.ts';
import { withLoads } from '../../src/loads/own-tables.ts';
import type { PopulateOptions } from '../../src/populate/options.ts';
import type { PopulateReport } from '../../src/populate/report.ts';
import { populateIn } from './databases.ts';
import type { Place } from './engines.ts';
import { makeFolder } from './folder.ts';
import { sourceOf } from './sources.ts';

export interface OwnEntity {
  readonly place: Place;
  readonly declaration: DatabaseDeclaration;
  readonly options: DatabaseOptions;
  load(records: readonly unknown[], options?: Partial<PopulateOptions>): Promise<PopulateReport>;
}

/** @param more statements that the migration makes before and after the entity's */
export async function ownEntity(
  place: Place,
  declared: Parameters<typeof withOneEntity>[0],
  more: { readonly before?: readonly string[]; readonly after?: readonly string[] } = {},
): Promise<OwnEntity> {
  const declaration = withLoads(withOneEntity(declared));
  const { name } = declaration;
  const migrationsDirectory = makeFolder();
  const options = { ...place.options(name), migrationsDirectory };
  const database = new Database(declaration, options);
  const sql = await database.orm.schema.getCreateSchemaSQL({ wrap: false });
  await database.close();
  const statements = sql.split(/;\s*\n/).filter((one) => one.trim() !== '' && !/^(set names|create schema)/i.test(one));
  writeFileSync(join(migrationsDirectory, 'package.json'), '{"type":"module"}');
  writeFileSync(
    join(migrationsDirectory, 'Migration20260101000000.js'),
    `import { Migration } from ${JSON.stringify(import.meta.resolve('@mikro-orm/migrations'))};
export class Migration20260101000000 extends Migration {
  name = 'Migration20260101000000';
  up() {
    ${[...(more.before ?? []), ...statements, ...(more.after ?? [])].map((one) => `this.addSql(${JSON.stringify(one)});`).join('\n    ')}
  }
}
`,
  );
  return {
    place,
    declaration,
    options,
    load: (records, given = {}) =>
      populateIn(place, {
        catalog: [declaration],
        sources: { [name]: sourceOf(records) },
        databaseOptions: () => options,
        ...given,
      }),
  };
}
