/** `meridian copy` */
import process from 'node:process';
import type { Command } from 'commander';
import type { Project } from '../../config/module.ts';
import { Database, type DatabaseOptions } from '../../database/database.ts';
import { choose, type DatabaseDeclaration } from '../../database/declaration.ts';
import { type DatabaseLocation, locate, urlVariable } from '../../database/location.ts';
import { MeridianError, messageOf } from '../../shared/errors.ts';
import { makeTemporaryFolder } from '../../shared/files/temporary-folder.ts';
import { type CopiedTable, copyDatabase } from '../../transfer/copy/copy.ts';
import { type Maker, makerOf } from '../../transfer/copy/prepare-target.ts';
import { untilInterrupted } from '../interruption.ts';
import { withOutputOptions } from '../options/common-options.ts';
import { FAILED, INTERRUPTED } from '../output/exit-code.ts';
import { renderTable } from '../output/table.ts';
import { Output, type OutputOptions } from '../output/terminal.ts';
import { allDatabases, allNames } from '../project.ts';

interface Options extends OutputOptions {
  readonly to: string;
  readonly restart?: boolean;
}

export function defineCopyCommand(command: Command, project: Project): void {
  withOutputOptions(
    command
      .description(
        'Copies all tables of a database to another place, such as from SQLite to PostgreSQL or back, and proves by the count and ' +
          'a digest of the rows of each table that both hold the same; exits 1 if they differ. The source is only read. A copy ' +
          'that was stopped is continued by the same command.',
      )
      .argument('<database>', `one of ${allNames(project)}`)
      .requiredOption('--to <url>', 'an empty place: sqlite:<path> or postgresql://…')
      .option('--restart', 'delete what an unfinished copy has written there, and copy all rows again'),
    'object',
  ).action(async (name: string, options: Options) => {
    process.exitCode = await run(project, name, options);
  });
}

async function run(project: Project, name: string, options: Options): Promise<number> {
  const output = new Output(options);
  const [declaration] = choose(allDatabases(project), [name]);
  if (declaration === undefined) {
    throw new Error(`${name} was found and is not there`);
  }
  const location = placeOf(declaration, options.to);
  const source = await Database.unconnected(declaration, { create: false });
  try {
    await source.connect();
    if (source.isMissing) {
      throw new MeridianError('database', `${name}: ${source.engine.absence}. There is nothing to copy.`);
    }
    return await untilInterrupted(
      () => output.note('Stopping after this batch. The same command continues the copy.'),
      async (signal) => {
        try {
          return await withTarget(source, location, async (target, maker) => {
            output.note(`${name}: from ${source.place} to ${target.place}, whose tables are made by ${madeBy(maker)}`);
            const tables = await copyDatabase(source, target, {
              maker,
              restart: options.restart === true,
              signal,
              onContinued: () => output.note('The copy of an earlier run is continued.'),
            });
            return report(output, source, target, maker, tables);
          });
        } catch (error) {
          if (signal.aborted) {
            return INTERRUPTED;
          }
          throw error;
        }
      },
    );
  } finally {
    await source.close();
  }
}

function placeOf({ name, otherUrls }: DatabaseDeclaration, url: string): DatabaseLocation {
  const variable = urlVariable(name);
  try {
    return locate(name, { ...process.env, [variable]: url }, otherUrls);
  } catch (error) {
    // the URL comes from --to instead of the variable
    throw error instanceof MeridianError
      ? new MeridianError(error.code, messageOf(error).replaceAll(variable, '--to'), { cause: error })
      : error;
  }
}

/** Opens the target: with the project's migrations, or without any where the schema generator creates its tables. */
async function withTarget<T>(
  source: Database,
  location: DatabaseLocation,
  work: (target: Database, maker: Maker) => Promise<T>,
): Promise<T> {
  const open = async (maker: Maker, options: DatabaseOptions) => {
    const target = await Database.unconnected(source.declaration, options);
    try {
      await target.connect();
      return await work(target, maker);
    } catch (error) {
      throw target.explain(error);
    } finally {
      await target.close();
    }
  };
  const looked = await Database.unconnected(source.declaration, { location, create: false });
  const maker = await makerOf(source, looked).finally(() => looked.close());
  if (maker === 'migrations') {
    return open(maker, { location });
  }
  const folder = await makeTemporaryFolder('copy');
  try {
    return await open(maker, { location, migrationsDirectory: folder.path });
  } finally {
    await folder.remove();
  }
}

function madeBy(maker: Maker): string {
  return maker === 'migrations'
    ? "the project's migrations for this engine"
    : "MikroORM's schema generator, since the project has no migrations for this engine";
}

function report(
  output: Output,
  source: Database,
  target: Database,
  maker: Maker,
  tables: readonly CopiedTable[],
): number {
  const different = tables.filter(({ isSame }) => !isSame);
  output.say(
    renderTable(
      ['table', 'rows', 'digest', 'same'],
      tables.map(({ table, source: { rows, digest }, isSame }) => [
        table,
        rows,
        digest.slice(0, 16),
        isSame ? 'yes' : 'NO',
      ]),
    ),
  );
  for (const { table, source: before, target: after } of different) {
    output.complain(
      `Error: ${table} differs: ${before.rows} rows with digest ${before.digest} in ${source.place}, ${after.rows} rows with digest ${after.digest} in ${target.place}. If the source has changed since the copy began, copy again with --restart.`,
      'error',
    );
  }
  if (different.length === 0) {
    output.note(`Both hold the same. To use the copy, name its URL in ${urlVariable(source.name)}.`);
  }
  output.json({
    source: source.place,
    target: target.place,
    maker,
    isSame: different.length === 0,
    tables: Object.fromEntries(
      tables.map(({ table, source: before, target: after, isSame }) => [
        table,
        { source: before, target: after, isSame },
      ]),
    ),
  });
  return different.length === 0 ? 0 : FAILED;
}
