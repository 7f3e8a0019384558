/** docs/reference/schema.md: the tables of every database on both engines, from the snapshots that migrations are made from. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { identityTables } from '../../src/database/identity.ts';
import { block, code, page, table } from './markdown.ts';
import { catalog, central, documents, projectRoot } from './sources.ts';

interface Column {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly primary: boolean;
  readonly default: string | null;
  readonly collation: string | null;
}

interface Index {
  readonly keyName: string;
  readonly columnNames: readonly string[];
  readonly primary: boolean;
  readonly unique: boolean;
  readonly expression?: string;
  readonly where?: string;
}

interface Table {
  readonly name: string;
  readonly columns: Readonly<Record<string, Column>>;
  readonly indexes: readonly Index[];
  readonly checks: readonly { readonly name: string; readonly expression: string }[];
}

export function schemaPage(): string {
  return page(
    'Schema',
    'The tables of each database after all migrations. The orders database of a region has the tables of `orders`. A name that ends in `_cents` holds whole cents.',
    ...[...catalog, central, documents].flatMap(({ name }) => section(name)),
    ...ownSection(),
  );
}

function section(database: string): string[] {
  const sqlite = tablesOf(database, 'sqlite');
  const postgresql = new Map(tablesOf(database, 'postgresql').map((one) => [one.name, one]));
  return [`## ${database}`, ...sqlite.flatMap((one) => tableSection(one, postgresql.get(one.name)))];
}

/** Meridian's own tables, which are in no snapshot. */
function ownSection(): string[] {
  const groups = new Map(
    [identityTables, ...[...catalog, central].flatMap(({ own = [] }) => own)].map((one) => [one.name, one]),
  );
  const sql = [...groups.values()].flatMap((group) =>
    group.migrations('<database>').flatMap(({ sqlite }) => sqlite.map((statement) => `${statement};`)),
  );
  return [
    "## Meridian's own tables",
    'Every database has the first, those that files are loaded into the tables of runs as well, `orders` those of an outbox and `central` those of an inbox. They are in no migration and snapshot of a project: Meridian has migrations of its own for them, recorded in `meridian_migrations` (PostgreSQL: `meridian_migrations_<database>`). On PostgreSQL `integer` is `bigint`, or `boolean` for flags, and `text` is `text collate "C"`.',
    block('sql', sql.join('\n')),
  ];
}

function tablesOf(database: string, engine: string): Table[] {
  const file = join(projectRoot, 'migrations', database, engine, `.snapshot-${database}.json`);
  const { tables } = JSON.parse(readFileSync(file, 'utf8')) as { readonly tables: readonly Table[] };
  return tables.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function tableSection({ name, columns, indexes, checks }: Table, other: Table | undefined): string[] {
  const rows = Object.values(columns).map((column) => [
    code(column.name),
    typeOf(column),
    typeOf(other?.columns[column.name]),
    column.nullable ? 'yes' : '',
    column.default === null ? '' : code(column.default),
  ]);
  return [
    `### ${name}`,
    table(['column', 'SQLite', 'PostgreSQL', 'null', 'default'], rows),
    ...list([
      ...indexes.map(indexText),
      ...onlyIn(other?.indexes ?? [], indexes).map((index) => `${indexText(index)} (PostgreSQL)`),
      ...checks.map(({ expression }) => `check ${code(expression)}`),
    ]),
  ];
}

function onlyIn(indexes: readonly Index[], others: readonly Index[]): Index[] {
  return indexes.filter(({ keyName, primary }) => !primary && !others.some((one) => one.keyName === keyName));
}

function typeOf(column: Column | undefined): string {
  return column === undefined
    ? '–'
    : code(column.collation === null ? column.type : `${column.type} collate ${column.collation}`);
}

function indexText({ keyName, columnNames, primary, unique, expression, where }: Index): string {
  if (expression !== undefined) {
    return code(expression);
  }
  const what = primary ? 'primary key' : unique ? 'unique' : 'index';
  return `${what}${primary ? '' : ` ${code(keyName)}`}: ${columnNames.map(code).join(', ')}${where === undefined ? '' : ` where ${code(where.replaceAll('`', '"'))}`}`;
}

function list(items: readonly string[]): string[] {
  return items.length === 0 ? [] : [items.map((item) => `- ${item}`).join('\n')];
}
