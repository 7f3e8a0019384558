/** `meridian inspect` shows what is in files, and the command that loads them. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { settingsOfPaths } from '../../../../src/cli/commands/inspect/inspect.settings.ts';
import type { Inspection } from '../../../../src/cli/commands/inspect/inspection.ts';
import { projectRoot } from '../../../../src/shared/project.ts';
import { project } from '../../../support/project.ts';
import { type Workspace, workspace } from '../../../support/workspace.ts';

function placeWith(files: Readonly<Record<string, string | Buffer>>): Workspace {
  const place = workspace();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(place.cwd, name, '..'), { recursive: true });
    writeFileSync(join(place.cwd, name), content);
  }
  return place;
}

async function inspected(place: Workspace, ...args: string[]): Promise<Inspection[]> {
  const { code, stdout, stderr } = await place.run(['inspect', ...args, '--json']);
  expect({ code, errors: code === 0 ? '' : stderr }).toEqual({ code: 0, errors: '' });
  return JSON.parse(stdout) as Inspection[];
}

const USERS = 'id,name,email\n1,Ann,ann@example.org\n2,,bob@example.org\n';
const ORDERS = 'id;userId;productId;quantity;unitPrice;remark\n1;1;2;3;1,50;ä\n2;1;3;1;1.200,00;\n';

test('a file is described to people, with the command that loads it', async () => {
  const place = placeWith({ 'users.csv': USERS });
  const { code, stdout } = await place.run(['inspect', 'users.csv']);
  expect(code).toBe(0);
  expect(stdout).toContain('users.csv: 2 records\n');
  expect(stdout).toContain('Read with format csv, delimiter "," (as usual), encoding utf-8 (as usual).');
  expect(stdout).toMatch(/│ name +│ name +│ text +│ +1 │ +1 │ "Ann"; up to 3 characters +│/);
  expect(stdout).toContain('Fits users: 3 of its 3 properties have a column.');
  expect(stdout).toContain('Load it with: npx meridian populate --users users.csv\n');
});

test('nothing is written, not even an empty database', async () => {
  const place = placeWith({ 'users.csv': USERS });
  await place.run(['inspect', 'users.csv']);
  expect(readdirSync(join(place.cwd, 'databases'))).toEqual([]);
});

test('what was detected is named with the reason, and the settings that the values call for are in the command', async () => {
  const place = placeWith({ 'exports/orders.txt': Buffer.from(`\ufeff${ORDERS}`, 'utf16le') });
  const [file] = await inspected(place, 'exports/orders.txt');
  expect(file?.detected.map(({ setting, value }) => [setting, value])).toEqual([
    ['encoding', 'utf-16le'],
    ['delimiter', '";"'],
  ]);
  expect(file?.command).toBe('npx meridian populate --orders exports/orders.txt --decimal , --thousands .');
  expect(file?.hints[0]?.sentence).toBe('"1.200,00" in unitPrice (line 3) has a decimal comma.');
  const [again] = await inspected(place, 'exports/orders.txt', '--decimal', ',', '--thousands', '.');
  expect(again?.columns.find(({ name }) => name === 'unitPrice')).toMatchObject({
    type: 'decimal number',
    min: '1,50',
    max: '1.200,00',
  });
  expect(again).toMatchObject({ hints: [], command: file?.command, settings: { decimal: ',', thousands: '.' } });
});

test('the properties without a column, and the columns without a property, are named', async () => {
  const place = placeWith({ 'people.csv': 'nr,name,Remark\n1,Ann,x\n' });
  const [file] = await inspected(place, 'people.csv');
  expect(file?.fits[0]).toEqual({
    table: 'users',
    isLoadable: false,
    matched: { name: 'name' },
    missing: ['id', 'email'],
    absent: [],
    unknown: ['nr', 'Remark'],
  });
  const { stdout } = await place.run(['inspect', 'people.csv']);
  expect(stdout).toContain('Nearest to users, which cannot be loaded from it as it is: no column for id, email.');
  expect(stdout).toContain(
    "Fill in what stands in angle brackets, and load it with: npx meridian populate --users people.csv --map 'users.id=<column>' --map 'users.email=<column>'",
  );
  const [mapped] = await inspected(place, 'people.csv', '--map', 'users.id=nr', '--map', 'users.email=Remark');
  expect(mapped?.fits[0]).toMatchObject({ isLoadable: true, matched: { id: 'nr', name: 'name', email: 'Remark' } });
  expect(mapped?.command).toContain('--map users.id=nr --map users.email=Remark');
});

test('a file without a known column fits no table', async () => {
  const place = placeWith({ 'a.csv': 'x,y\n1,2\n' });
  const { code, stdout } = await place.run(['inspect', 'a.csv']);
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringContaining('No table of the config has any of these columns.'),
  });
  expect(stdout).not.toContain('populate');
});

test('dates with the day or the month first, and times without a zone, are asked about', async () => {
  const place = placeWith({
    'day.csv': 'id,userId,productId,quantity,placedAt\n1,1,1,1,01.02.2026 10:00\n2,1,1,1,31.12.2026 10:00\n',
    'either.csv': 'id,userId,productId,quantity,placedAt\n1,1,1,1,1/2/2026\n',
    'local.csv': 'id,userId,productId,quantity,placedAt\n1,1,1,1,2026-01-02 10:00\n',
  });
  const files = await inspected(place, 'day.csv', 'either.csv', 'local.csv');
  expect(files.map(({ hints: [hint] }) => [hint?.option, hint?.value])).toEqual([
    ['--date-format', 'd.M.yyyy HH:mm'],
    ['--date-format', undefined],
    ['--timezone', undefined],
  ]);
  expect(files[1]?.command).toContain("--date-format '<date-format>'");
});

describe('several files', () => {
  test('of folders, patterns and archives are described one after the other', async () => {
    const place = placeWith({ 'all/users-2.csv': USERS, 'all/users-10.ndjson': '{"id":1}\n' });
    const zip = join(projectRoot, 'test', 'populate', 'read', 'files', 'several.zip');
    const files = await inspected(place, 'all', 'all/*.csv', zip);
    expect(files.slice(0, 2).map(({ file, format }) => [file, format])).toEqual([
      [join('all', 'users-2.csv'), 'csv'],
      [join('all', 'users-10.ndjson'), 'ndjson'],
    ]);
    expect(files.length).toBeGreaterThan(3);
    expect(files.slice(2).every(({ file }) => file.startsWith(zip))).toBe(true);
  });

  test('one that cannot be read keeps the others from nothing, and the exit code is 1', async () => {
    const place = placeWith({ 'a.csv': 'id,name\n1,Ann\n', 'b.json': '[{"id":1},{"id":', 'users.csv': USERS });
    const { code, stdout, stderr } = await place.run(['inspect', 'none.csv', 'b.json', 'users.csv', '--json']);
    const files = JSON.parse(stdout) as Inspection[];
    expect(code).toBe(1);
    expect(stderr).toContain('Error: none.csv does not exist.');
    expect(files.map(({ file, error, records }) => [file, error !== undefined, records])).toEqual([
      ['none.csv', true, undefined],
      ['b.json', true, expect.anything()],
      ['users.csv', false, 2],
    ]);
  });
});

test('--sample reads only the beginning, and says that there is more', async () => {
  const place = placeWith({ 'users.csv': USERS });
  const [file] = await inspected(place, 'users.csv', '--sample', '1');
  expect(file).toMatchObject({ records: 1, isSample: true });
  expect((await place.run(['inspect', 'users.csv', '--sample', '1'])).stdout).toContain('the first 1 record\n');
  expect((await inspected(place, 'users.csv', '--sample', '2'))[0]).toMatchObject({ records: 2, isSample: false });
});

test('records that cannot be read are counted', async () => {
  const place = placeWith({ 'users.csv': `${USERS}3,Eve\n` });
  expect((await place.run(['inspect', 'users.csv'])).stdout).toContain(
    '1 record cannot be read (line 4: The row has 2 fields',
  );
});

test('--table compares with one table', async () => {
  const place = placeWith({ 'users.csv': USERS });
  const [file] = await inspected(place, 'users.csv', '--table', 'products');
  expect(file?.fits.map(({ table }) => table)).toEqual(['products']);
});

test('the settings of the config are used for files of --table, and for those that only one table has a pattern for', () => {
  const files = {
    users: [{ delimiter: '|' }, { match: 'in/*.txt', encoding: 'utf-16le' }],
    orders: [{ decimal: ',' as const }],
  };
  const of = (paths: readonly string[], table?: string) =>
    settingsOfPaths({}, paths, table, { ...project, files, config: resolve('meridian.config.ts') });
  expect(of(['in/a.txt', 'b.csv']).map(({ settings, settingsOf }) => [settings.file, settingsOf])).toEqual([
    [{ delimiter: '|', encoding: 'utf-16le' }, 'users'],
    [{}, undefined],
  ]);
  expect(of(['b.csv'], 'orders')).toMatchObject([{ settings: { values: { decimal: ',' } }, settingsOf: 'orders' }]);
});

test.each([
  [['inspect'], "missing required argument 'file'"],
  [['inspect', '-', '-'], 'Standard input (-) can be given once only.'],
  [
    ['inspect', 'users.csv', '--table', 'people'],
    '--table people: there is no such table. There are users, products, orders.',
  ],
  [['inspect', 'users.csv', '--format', 'xml'], '--format xml: the formats are'],
  [['inspect', 'users.csv', '--format', 'csv', '--format', 'tsv'], '--format is given twice'],
  [['inspect', 'users.csv', '--sample', '0'], 'It has to be a whole number from 1'],
  [['inspect', 'users.csv', '--sheet', '2'], '--sheet is for none of the files'],
  [['inspect', 'users.csv', '--encoding', 'users=utf-8'], 'no file is given for "users"'],
  [['inspect', 'users.csv', '--map', 'id=nr'], '--map id=nr: write <database>.<property>=<column>'],
])('%j is refused', async (args, message) => {
  const { code, stderr } = await placeWith({ 'users.csv': USERS }).run(args);
  expect({ isWrong: code !== 0, stderr }).toEqual({ isWrong: true, stderr: expect.stringContaining(message) });
});
