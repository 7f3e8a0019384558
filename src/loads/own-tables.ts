/** Meridian's own tables for loads: their migrations, and the adoption of tables of earlier versions. */
import type { EntityName } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/sql';
import { type DatabaseDeclaration, migrationSet } from '../database/declaration.ts';
import {
  type AdoptingDatabase,
  createTable,
  type OwnColumn,
  type OwnTables,
  onEvery,
  type TableLookup,
  together,
} from '../database/own-tables.ts';
import { runTables } from './run-tables.ts';

const RUN: Readonly<Record<string, OwnColumn>> = {
  id: 'text',
  source: 'text',
  content: 'text?',
  settings: 'text',
  databases: 'text',
  state: 'text',
  read: 'whole',
  inserted: 'whole',
  updated: 'whole',
  unchanged: 'whole',
  rejected: 'whole',
  reasons: 'text',
  details: 'text?',
  seconds: 'real',
  failure: 'text?',
  indexes: 'text?',
  started_at: 'text',
  updated_at: 'text',
};
const BATCH = { first_number: 'whole', outcomes: 'text', ids: 'text', before: 'text?' } as const;
const REJECT = { number: 'whole', line: 'whole', record: 'text', errors: 'text' } as const;
const FILE = { position: 'whole', name: 'text', content: 'text', records: 'whole?' } as const;

const loadTables: OwnTables = {
  name: 'runs',
  entities: (set) => Object.values(runTables(set)) as EntityName<object>[],
  tables: (set) => Object.values(runTables(set)).map(({ meta }) => meta.tableName),
  migrations(set) {
    const { runs, batches, files, rejects } = runTables(set);
    const { tableName } = rejects.meta;
    const before = tableName.replace('_rejects_', '_run_rejects_');
    return [
      together(
        createTable(runs.meta.tableName, { ...RUN, entity: 'text' }, ['id', 'entity']),
        createTable(batches.meta.tableName, { ...BATCH, deferred: 'text?', entity: 'text' }, [
          'entity',
          'first_number',
        ]),
        createTable(before, { ...REJECT, entity: 'text' }, ['entity', 'number']),
      ),
      // rejects are kept after their run has ended; existing ones belong to the newest run of their table
      together(
        createTable(tableName, { ...REJECT, file: 'text?', run: 'text', entity: 'text' }, ['entity', 'run', 'number']),
        onEvery(
          `insert into "${tableName}" ("number", line, record, errors, entity, run)
           select "number", line, record, errors, entity, ${newestRun(runs.meta.tableName, `"${before}".entity`)} from "${before}"`,
        ),
        onEvery(`drop table "${before}"`),
      ),
      createTable(files.meta.tableName, { ...FILE, run: 'text', entity: 'text' }, ['entity', 'run', 'position']),
    ];
  },
  adoption: adoptionStatements,
};

/** The SQL for the newest run's id of an entity. In a database that was repaired by hand, the rejects may have no run. */
function newestRun(runs: string, entity: string): string {
  return `coalesce((select max(id) from "${runs}" where "${runs}".entity = ${entity}), '')`;
}

/** The declaration of a database that is loaded from files, with the tables of loads. */
export function withLoads<T extends DatabaseDeclaration>(declaration: T): T {
  return { ...declaration, own: [...(declaration.own ?? []), loadTables] };
}

interface EarlierTable {
  readonly name: string;
  readonly columns: readonly string[];
  /** The current table, to which its rows are moved. */
  readonly table: string;
}

/** Until version 0.2, a database loaded one entity, and the project's own migrations created the tables. */
async function earlierTables(
  em: EntityManager,
  engine: TableLookup,
  database: AdoptingDatabase,
): Promise<readonly EarlierTable[]> {
  const set = migrationSet(database.name);
  const prefix = set.replaceAll('-', '_');
  const { runs, batches, rejects } = runTables(set);
  const found: EarlierTable[] = [];
  for (const [name, columns, { meta }] of [
    [`${prefix}_runs`, RUN, runs],
    [`${prefix}_run_batches`, BATCH, batches],
    [`${prefix}_run_rejects`, REJECT, rejects],
  ] as const) {
    const names = Object.keys(columns);
    // a project's table that happens to have the same name has different columns
    if (database.entities.length > 0 && (await hasColumns(em, engine, name, names))) {
      found.push({ name, columns: names, table: meta.tableName });
    }
  }
  return found;
}

async function adoptionStatements(
  em: EntityManager,
  engine: TableLookup,
  database: AdoptingDatabase,
): Promise<string[]> {
  const { runs, rejects } = runTables(migrationSet(database.name));
  const entity = `'${database.entities[0]?.name}'`;
  return (await earlierTables(em, engine, database)).flatMap(({ name, columns, table }) => {
    const list = columns.map((column) => `"${column}"`).join(', ');
    // runs are moved first
    const run =
      table === rejects.meta.tableName
        ? { column: ', run', value: `, ${newestRun(runs.meta.tableName, entity)}` }
        : { column: '', value: '' };
    return [
      `insert into "${table}" (${list}, "entity"${run.column}) select ${list}, ${entity}${run.value} from "${name}" where true on conflict do nothing`,
      `drop table "${name}"`,
    ];
  });
}

/** The tables of version 0.2 that contain runs of a database until it is migrated. */
export async function earlierRunTables(
  em: EntityManager,
  engine: TableLookup,
  database: AdoptingDatabase,
): Promise<string[]> {
  return (await earlierTables(em, engine, database)).map(({ name }) => name);
}

async function hasColumns(
  em: EntityManager,
  engine: TableLookup,
  table: string,
  names: readonly string[],
): Promise<boolean> {
  if (!(await engine.hasTable(em, table))) {
    return false;
  }
  const { columnTypes } = await engine.tableFacts(em, table);
  return columnTypes.size === names.length && names.every((name) => columnTypes.has(name));
}
