/**
 * A small load in which everything happens: inserts, updates, unchanged rows, rejects of many kinds, dangling orders, and
 * change events of the rows that stay, for they go into a region.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { migrationSet } from '../../../src/database/declaration.ts';
import type { PopulateOptions } from '../../../src/populate/options.ts';
import { filesSource } from '../../../src/populate/read/file.ts';
import type { PopulateReport } from '../../../src/populate/report.ts';
import { fileOf, populateIn } from '../databases.ts';
import { regionalCatalog } from '../regional-catalog.ts';
import { lookFor } from '../stored.ts';

const REGION = 'orders.boston';

export const smallCatalog = regionalCatalog(REGION);

const BEFORE = {
  users: 'id,name,email\n1,Ann,ann@example.com\n2,Bob,bob@example.com\n3,Cid,cid@example.com\n',
  products: 'id,sku,name,price\n1,S1,One,1.00\n2,,Two,2.00\n3,S3,Three,3.00\n',
  [REGION]: 'id,userId,productId,quantity\n1,1,1,1\n2,2,2,2\n3,3,3,3\n',
};

const FILES = {
  users:
    'id,name,email\n1,Ann,ann@example.com\n2,Bob Moved,new@example.com\n4,Dan,BOB@example.com\n5,Eve,EVE@example.com\n' +
    '5,Eve again,eve5@example.com\n6,,six@example.com\n7,Fay,eve@EXAMPLE.com\nx,Gil,gil@example.com\n8,Hal,hal@example.com\n',
  products:
    'id,sku,name,price\n1,S1,One more,1.50\n2,,Two,2.00\n4,S3,Four,4.00\n5,,Two,2.00\n6,S6,Six,0\n7,S7,Seven,7.00\n8,S8,Eight,8.001\n',
  [REGION]:
    'id,userId,productId,quantity\n1,99,1,5\n2,2,2,7\n3,3,3,3\n4,6,1,1\n5,8,7,1\n5,8,7,2\n6,1,6,1\n7,1,8,0\n8,5,1,8\n',
};

/** Without what is new each time; the state that an undone update went back to may be published more than once. */
const EVENTS =
  'select distinct aggregate_id, aggregate_version, type, seq, payload from outbox_event order by aggregate_id, aggregate_version';

const NAMES = Object.keys(FILES) as (keyof typeof FILES)[];

/** Without a record that is rejected. */
const GOOD_FILES: typeof FILES = {
  users:
    'id,name,email\n1,Ann,ann@example.com\n2,Bob Moved,new@example.com\n4,Dan,BOB@example.com\n5,Eve,eve@example.com\n8,Hal,hal@example.com\n',
  products: 'id,sku,name,price\n1,S1,One more,1.50\n2,,Two,2.00\n4,S4,Four,4.00\n7,S7,Seven,7.00\n',
  [REGION]: 'id,userId,productId,quantity\n1,5,1,5\n2,2,2,7\n3,3,3,3\n5,8,7,1\n8,5,1,8\n',
};

/** Which load it is, and of what. */
export interface Scene {
  /** Whether the databases have rows before it, or are not even there. */
  readonly isFilled: boolean;
  readonly files: typeof FILES;
  /** How many records each file of a table has, where the table has several. */
  readonly recordsPerFile?: number;
  readonly allOrNothing?: boolean;
}

export const SCENES = {
  filled: { isFilled: true, files: FILES },
  empty: { isFilled: false, files: FILES },
  sets: { isFilled: true, files: FILES, recordsPerFile: 3 },
  kept: { isFilled: true, files: GOOD_FILES, recordsPerFile: 3, allOrNothing: true },
  reverted: { isFilled: true, files: FILES, recordsPerFile: 3, allOrNothing: true },
} as const satisfies Readonly<Record<string, Scene>>;

export type SceneName = keyof typeof SCENES;

function load(
  folder: string,
  { files, recordsPerFile, allOrNothing = false }: Omit<Scene, 'isFilled'>,
  options: Partial<PopulateOptions>,
): Promise<PopulateReport> {
  // a load is continued in a copy of its folder, where its files have to have the same names
  process.chdir(folder);
  mkdirSync('files', { recursive: true });
  const sources = Object.fromEntries(
    NAMES.map((name) => [
      name,
      filesSource(
        name,
        filesOf(files[name], recordsPerFile).map((text, index) => {
          const path = join('files', `${name}-${index}.csv`);
          writeFileSync(path, text);
          return { path, settings: {} };
        }),
      ),
    ]),
  );
  return populateIn(folder, {
    catalog: smallCatalog,
    sources,
    onConflict: 'update',
    batchRecords: 2,
    allOrNothing,
    ...options,
  });
}

function filesOf(text: string, recordsPerFile: number | undefined): string[] {
  const [header = '', ...records] = text.trimEnd().split('\n');
  const size = recordsPerFile ?? records.length;
  return Array.from({ length: Math.ceil(records.length / size) }, (_, index) =>
    [header, ...records.slice(index * size, (index + 1) * size), ''].join('\n'),
  );
}

/** Makes the databases as they are before the load. */
export async function fill(folder: string): Promise<void> {
  await load(folder, { files: BEFORE }, {});
}

export function loadSmall(
  folder: string,
  scene: SceneName,
  options: Partial<PopulateOptions> = {},
): Promise<PopulateReport> {
  return load(folder, SCENES[scene], options);
}

/** Counts, reasons and details: all of a report that does not vary from run to run. */
export function accountOf(report: PopulateReport): Record<string, unknown> {
  const databases = Object.entries(report.databases).map(
    ([name, { seconds: _, rejectsFile: __, failure, ...rest }]) =>
      [name, { ...rest, failure: failure?.message }] as const,
  );
  return { ...Object.fromEntries(databases), reverted: report.reverted?.message };
}

/**
 * All that a load leaves: rows, rejects, rejects files, and what should not be there.
 *
 * @param ofNewestRun only the rejects of the newest run of each database, not those of runs before it
 */
export function leftIn(folder: string, ofNewestRun = false): unknown {
  const rejects = join(folder, 'rejects');
  return {
    databases: NAMES.map((name) => {
      const set = migrationSet(name);
      const newest = ofNewestRun ? `where run = (select max(id) from meridian_runs_${set})` : '';
      return lookFor(fileOf(folder, name), [
        `select * from ${set} order by id`,
        `select * from meridian_run_batches_${set}`,
        `select number, file, line, record, errors from meridian_rejects_${set} ${newest} order by run, number`,
        `select position, name, content, records from meridian_run_files_${set} ${newest} order by run, position`,
        ...(name === REGION ? [EVENTS] : []),
      ]);
    }),
    rejects: existsSync(rejects)
      ? readdirSync(rejects)
          .sort()
          .map((file) => [file, readFileSync(join(rejects, file), 'utf8')])
      : [],
    files: readdirSync(folder)
      .filter((file) => file !== 'tmp')
      .sort(),
  };
}
