/** `meridian query` */
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { text as textOf } from 'node:stream/consumers';
import { type Command, InvalidArgumentError } from 'commander';
import type { Project } from '../../config/module.ts';
import { Database } from '../../database/database.ts';
import { choose, type DatabaseDeclaration } from '../../database/declaration.ts';
import { query } from '../../query/query.ts';
import { settleAll } from '../../shared/async/settle.ts';
import { MeridianError, messageOf } from '../../shared/errors.ts';
import { untilInterrupted } from '../interruption.ts';
import { ListOption } from '../options/list.option.ts';
import { INTERRUPTED } from '../output/exit-code.ts';
import { Output, type OutputOptions } from '../output/terminal.ts';
import { allDatabases, allNames } from '../project.ts';
import { printCsvRows, printJsonRows, printTable } from './query.output.ts';

interface Options extends OutputOptions {
  readonly file?: string;
  readonly param?: ReadonlyMap<string, string>;
  readonly database?: readonly string[];
  readonly csv?: boolean;
}

const NAMES = `
On SQLite each database is a schema under its name: users.users. Quote a name
with a full stop or a hyphen: "orders.boston".orders. A table without a schema
is looked up in all databases, in their order.
On PostgreSQL the schemas are those of the databases' URLs, which have to lead
to one database of one server.

  meridian query 'select status, count(*) from orders group by status'
  meridian query --param country=France \\
    'select * from central.order_fact where country = :country'
`;

/** The maximum number of tables that a message lists. */
const MAX_TABLES = 20;

export function defineQueryCommand(command: Command, project: Project): void {
  command
    .description(
      'Runs one SQL query over all existing databases, so that it can join tables of several. It reads only: nothing is written.',
    )
    .argument('[sql]', 'the query, in quotes')
    .option('--file <path>', 'read the query from a file, or from standard input with -')
    .addOption(new ListOption('--param <name=value>', 'the value of :name in the query (repeatable)', addParameter))
    .addOption(new ListOption('--database <name>', `only these of ${allNames(project)} (repeatable)`))
    .option('--json', 'print an array of objects on standard output, all else on standard error')
    .option('--csv', 'print the rows as CSV, all else on standard error')
    .option('--verbose', 'print the stack trace of an error')
    .addHelpText('after', NAMES)
    .action(async (sql: string | undefined, options: Options) => {
      process.exitCode = await run(project, sql, options);
    });
}

async function run(project: Project, given: string | undefined, options: Options): Promise<number> {
  const { json = false, csv = false, database: names = [], param = new Map() } = options;
  if (json && csv) {
    throw new MeridianError('usage', '--json and --csv exclude each other. Keep one of them.');
  }
  const output = new Output({ ...options, json: json || csv });
  const sql = await readSql(given, options.file);
  const { databases, missing } = await existing(choose(allDatabases(project), names));
  const print = json ? printJsonRows : csv ? printCsvRows : printTable.bind(undefined, output);
  return untilInterrupted(
    () => undefined,
    async (signal) => {
      try {
        await query(databases, { sql, parameters: param, signal }, print);
        return 0;
      } catch (error) {
        if (signal.aborted) {
          return INTERRUPTED;
        }
        throw withTables(error, databases, missing);
      }
    },
  );
}

async function readSql(given: string | undefined, file: string | undefined): Promise<string> {
  if ((given === undefined) === (file === undefined)) {
    throw new MeridianError(
      'usage',
      'Give the query either as an argument, in quotes, or in a file with --file <path>.',
    );
  }
  if (file === undefined) {
    return given ?? '';
  }
  try {
    return file === '-' ? await textOf(process.stdin) : readFileSync(file, 'utf8');
  } catch (error) {
    throw new MeridianError('source', `The query in ${file} cannot be read: ${messageOf(error)}.`, { cause: error });
  }
}

/** Connects to each database, to check that it exists and belongs to its name; the query uses its own connection. */
async function existing(
  declarations: readonly DatabaseDeclaration[],
): Promise<{ databases: Database[]; missing: string[] }> {
  const looked = await Promise.all(
    declarations.map((declaration) => Database.unconnected(declaration, { create: false })),
  );
  try {
    await settleAll(looked.filter((one) => !one.isMissing).map((database) => database.connect()));
    return {
      databases: looked.filter(({ isMissing, isInMemory }) => !isMissing && !isInMemory),
      missing: looked.filter(({ isMissing }) => isMissing).map(({ name }) => name),
    };
  } finally {
    await Promise.allSettled(looked.map((database) => database.close()));
  }
}

/** Extends the error for an unknown table by the existing tables, and by the databases that do not exist yet. */
function withTables(error: unknown, databases: readonly Database[], missing: readonly string[]): unknown {
  if (!(error instanceof MeridianError) || !/no such table|relation .* does not exist/.test(error.message)) {
    return error;
  }
  const tables = databases.flatMap((database) => database.tableNames.map((table) => tableIn(database, table)));
  const more = tables.length > MAX_TABLES ? `, and ${tables.length - MAX_TABLES} more` : '';
  const sentences = [
    error.message,
    ...(tables.length === 0 ? [] : [`There are ${tables.slice(0, MAX_TABLES).join(', ')}${more}.`]),
    ...(missing.length === 0 ? [] : [absenceOf(missing)]),
  ];
  return new MeridianError(error.code, sentences.join(' '), { cause: error });
}

/** The name of a table in queries. */
function tableIn({ name, location }: Database, table: string): string {
  const schema = location.engine === 'sqlite' ? name : location.schema;
  return table.includes('.') ? table : `${/^[a-z_]\w*$/.test(schema) ? schema : `"${schema}"`}.${table}`;
}

function absenceOf(missing: readonly string[]): string {
  return missing.length === 1
    ? `${missing[0]} has no database yet.`
    : `These have no database yet: ${missing.join(', ')}.`;
}

function addParameter(text: string, before: ReadonlyMap<string, string> = new Map()): ReadonlyMap<string, string> {
  const [, name = '', value = ''] = /^([A-Za-z_]\w*)=(.*)$/s.exec(text) ?? [];
  if (name === '') {
    throw new InvalidArgumentError('It has to be <name>=<value>, such as country=France for :country.');
  }
  if (before.has(name)) {
    throw new InvalidArgumentError(`The parameter ${name} is given twice.`);
  }
  return new Map([...before, [name, value]]);
}
