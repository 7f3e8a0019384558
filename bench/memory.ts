/**
 * Peak memory of a load of one file, by its format: of a tenth of the records, and of all of them.
 *
 *     node bench/memory.ts --records 10000000 --formats csv,ndjson,parquet
 *     node bench/memory.ts --records 1000000 --formats xlsx
 */
import { createWriteStream, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { data, meridian } from './places.ts';
import { run } from './process.ts';

const FORMATS = ['csv', 'ndjson', 'parquet', 'xlsx'] as const;
type Format = (typeof FORMATS)[number];

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '1000000' },
    formats: { type: 'string', default: FORMATS.join(',') },
    // where files and databases are made, and deleted again
    folder: { type: 'string', default: join(data, 'memory') },
  },
});

function runMeridian(cwd: string, ...args: string[]) {
  return run({ command: process.execPath, args: [meridian, ...args] }, cwd);
}

/** The path of a file of so many users, which is made if it is not there. */
async function fileOf(format: Format, records: number): Promise<string> {
  const folder = join(values.folder, String(records));
  const path = join(folder, `users.${format}`);
  if (existsSync(path)) {
    return path;
  }
  mkdirSync(folder, { recursive: true });
  const unfinished = join(folder, `unfinished.${format}`);
  if (format === 'csv') {
    await pipeline(Readable.from(csv(records)), createWriteStream(unfinished));
  } else if (format === 'xlsx') {
    await writeWorkbook(folder, records, unfinished);
  } else {
    const database = join(folder, 'exported');
    mkdirSync(database, { recursive: true });
    await runMeridian(database, 'populate', '--users', await fileOf('csv', records), '--quiet');
    await runMeridian(database, 'export', 'users', '--out', unfinished, '--quiet');
    rmSync(database, { recursive: true });
  }
  renameSync(unfinished, path);
  return path;
}

/** Pieces of a text with something for each record. */
function* pieces(start: string, records: number, of: (id: number) => string, end: string): Generator<string> {
  yield start;
  for (let id = 1; id <= records; id += 1000) {
    yield Array.from({ length: Math.min(1000, records - id + 1) }, (_, index) => of(id + index)).join('');
  }
  yield end;
}

const nameOf = (id: number) => `Given Family ${id % 5000}`;
const emailOf = (id: number) => `user${id}@example.com`;

function csv(records: number): Generator<string> {
  return pieces('id,name,email\n', records, (id) => `${id},${nameOf(id)},${emailOf(id)}\n`, '');
}

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** As spreadsheet programs write it: texts stand in a table that cells share. */
async function writeWorkbook(folder: string, records: number, to: string): Promise<void> {
  const made = join(folder, 'workbook');
  mkdirSync(join(made, 'xl', '_rels'), { recursive: true });
  mkdirSync(join(made, '_rels'));
  const write = (path: string, text: Iterable<string>) =>
    pipeline(Readable.from(text), createWriteStream(join(made, path)));
  const shared = (row: number, column: string, number: number) => `<c r="${column}${row}" t="s"><v>${number}</v></c>`;
  const relations = (...targets: readonly (readonly [kind: string, target: string])[]) => [
    `${XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`,
    ...targets.map(
      ([kind, target], index) => `<Relationship Id="rId${index + 1}" Type="${RELATIONS}/${kind}" Target="${target}"/>`,
    ),
    '</Relationships>',
  ];
  await write('_rels/.rels', relations(['officeDocument', 'xl/workbook.xml']));
  await write('xl/workbook.xml', [
    `${XML}<workbook ${MAIN} xmlns:r="${RELATIONS}"><sheets><sheet name="Users" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  ]);
  await write(
    'xl/_rels/workbook.xml.rels',
    relations(['worksheet', 'sheet1.xml'], ['sharedStrings', 'sharedStrings.xml']),
  );
  const text = (value: string) => `<si><t>${value}</t></si>`;
  await write(
    'xl/sharedStrings.xml',
    pieces(
      `${XML}<sst ${MAIN}>${['id', 'name', 'email'].map(text).join('')}`,
      records,
      (id) => text(nameOf(id)) + text(emailOf(id)),
      '</sst>',
    ),
  );
  await write(
    'xl/sheet1.xml',
    pieces(
      `${XML}<worksheet ${MAIN}><sheetData><row r="1">${['A', 'B', 'C'].map((column, index) => shared(1, column, index)).join('')}</row>`,
      records,
      (id) =>
        `<row r="${id + 1}"><c r="A${id + 1}"><v>${id}</v></c>${shared(id + 1, 'B', 2 * id + 1)}${shared(id + 1, 'C', 2 * id + 2)}</row>`,
      '</sheetData></worksheet>',
    ),
  );
  await run({ command: 'python3', args: ['-m', 'zipfile', '-c', to, '_rels', 'xl'] }, made);
  rmSync(made, { recursive: true });
}

async function measured(format: Format, records: number) {
  const path = await fileOf(format, records);
  const database = join(values.folder, 'loaded');
  rmSync(database, { recursive: true, force: true });
  mkdirSync(database, { recursive: true });
  const { seconds, peakBytes = Number.NaN } = await runMeridian(database, 'populate', '--users', path, '--quiet');
  rmSync(database, { recursive: true });
  return { seconds, megabytes: peakBytes / 1e6 };
}

const records = Number(values.records);
for (const format of FORMATS.filter((one) => values.formats.split(',').includes(one))) {
  const few = await measured(format, Math.round(records / 10));
  const all = await measured(format, records);
  const growth = Math.round((all.megabytes / few.megabytes - 1) * 100);
  process.stdout.write(
    `${format}: ${few.megabytes.toFixed(0)} MB of ${records / 10} records, ${all.megabytes.toFixed(0)} MB of ${records} (${growth >= 0 ? '+' : ''}${growth} %), ${all.seconds.toFixed(0)} s\n`,
  );
}
rmSync(values.folder, { recursive: true, force: true });
