/** `meridian generate`, and `meridian populate --generate`: the same data, the same report. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { meridian } from '../../support/command.ts';
import { rowsOf } from '../../support/databases.ts';
import { digestsOf } from '../../support/files.ts';
import { makeFolder } from '../../support/folder.ts';
import { until } from '../../support/until.ts';

const NAMES = ['users', 'products', 'orders'];

interface Reason {
  readonly property: string;
  readonly code: string;
  readonly count: number;
}

interface Predicted {
  readonly read: number;
  readonly inserted: number;
  readonly rejected: number;
  readonly reasons: readonly Reason[];
}

type Report = Record<string, Predicted>;

const summary = ({ read, inserted, rejected, reasons }: Predicted) => ({
  read,
  inserted,
  rejected,
  reasons: reasons.map(({ property, code, count }) => `${property} ${code} ${count}`).sort(),
});

const rows = (cwd: string) => NAMES.map((name) => rowsOf(join(cwd, 'databases'), name));

const SPEC = ['--seed', '5', '--invalid', '0.2'];

let direct: ReturnType<typeof loadDirectly> | undefined;

/** What --generate itself loads and reports. */
async function loadDirectly(): Promise<{ report: Report; rows: unknown[][] }> {
  const cwd = makeFolder();
  const { code, stdout } = await meridian(['populate', '--json', '--generate', '400', ...SPEC], { cwd });
  expect(code).toBe(0);
  return { report: JSON.parse(stdout), rows: rows(cwd) };
}

test.each(['csv', 'tsv', 'json', 'ndjson', 'csv --gzip'])(
  'files in %s load as --generate does, and as was predicted',
  async (written) => {
    const [format = '', ...gzip] = written.split(' ');
    const cwd = makeFolder();
    const generated = await meridian(
      ['generate', '--out', 'data', '--count', '400', '--format', format, '--json', ...SPEC, ...gzip],
      { cwd },
    );
    expect(generated.code).toBe(0);
    const printed = JSON.parse(generated.stdout) as Record<
      string,
      { file: string; records: number; expected: Predicted }
    >;
    expect(Object.keys(printed)).toEqual(NAMES);
    const suffix = `${format}${gzip.length > 0 ? '.gz' : ''}`;
    expect(NAMES.map((name) => printed[name]?.file)).toEqual(NAMES.map((name) => join('data', `${name}.${suffix}`)));

    const files = NAMES.flatMap((name) => [`--${name}`, printed[name]?.file ?? '']);
    const { code, stdout } = await meridian(['populate', '--json', ...files], { cwd });
    expect(code).toBe(0);
    const report: Report = JSON.parse(stdout);
    direct ??= loadDirectly();
    const { report: reported, rows: stored } = await direct;
    for (const name of NAMES) {
      const loaded = summary(report[name] as Predicted);
      expect(loaded).toEqual(summary(reported[name] as Predicted));
      expect(loaded).toEqual(summary(printed[name]?.expected as Predicted));
      expect(loaded).toMatchObject({ read: 400, inserted: 320, rejected: 80 });
    }
    expect(rows(cwd)).toEqual(stored);
  },
);

test('the table shows what was written and how it is broken; the same seed gives the same files', async () => {
  const cwd = makeFolder();
  const { code, stdout, stderr } = await meridian(['generate', '--out', 'a', '--invalid', '.05'], { cwd });
  expect(code).toBe(0);
  expect(stdout).toMatch(/│ users +│ +1,000 │ +50 │ a\/users\.csv +│/);
  expect(stdout).toMatch(/│ products +│ +\d │ sku: duplicate +│/);
  expect(stderr).toContain('a/orders.csv: 1,000 records');

  const quiet = await meridian(['generate', '--out', 'b', '--invalid', '0.05', '--seed', '1', '--quiet'], { cwd });
  expect(quiet).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(digestsOf(join(cwd, 'b'))).toEqual(digestsOf(join(cwd, 'a')));
  const other = await meridian(['generate', '--out', 'c', '--seed', '2', '--quiet'], { cwd });
  expect(other.code).toBe(0);
  expect(readFileSync(join(cwd, 'c/users.csv'))).not.toEqual(readFileSync(join(cwd, 'a/users.csv')));
});

test('files that are there are kept, unless --force is given', async () => {
  const cwd = makeFolder();
  const args = ['generate', '--out', 'data', '--count', '5'];
  await meridian(args, { cwd });
  const before = digestsOf(cwd);
  const again = await meridian([...args, '--seed', '9'], { cwd });
  expect(again.code).toBe(1);
  expect(again.stderr).toContain('data/users.csv, data/products.csv, data/orders.csv already exist.');
  expect(digestsOf(cwd)).toEqual(before);
  const forced = await meridian([...args, '--seed', '9', '--force'], { cwd });
  expect(forced.code).toBe(0);
  expect(digestsOf(cwd)).not.toEqual(before);
});

test('Ctrl-C leaves no half of a file and exits 130', async () => {
  const cwd = makeFolder();
  const { code, stderr } = await meridian(['generate', '--out', 'data', '--count', '2000000000'], {
    cwd,
    during: (child) =>
      void until('the file is begun', () => existsSync(join(cwd, 'data/users.csv.partial'))).then(() =>
        child.kill('SIGINT'),
      ),
  });
  expect(code).toBe(130);
  expect(stderr).toContain('Interrupted');
  expect(readdirSync(join(cwd, 'data'))).toEqual([]);
});

test('populate --generate can be repeated: all that is valid is unchanged', async () => {
  const cwd = makeFolder();
  const run = () => meridian(['populate', '--generate', '120', '--invalid', '0.1', '--json'], { cwd });
  expect(JSON.parse((await run()).stdout)).toMatchObject({ orders: { read: 120, inserted: 108, rejected: 12 } });
  expect(JSON.parse((await run()).stdout)).toMatchObject({ orders: { inserted: 0, unchanged: 108, rejected: 12 } });
  const verified = await meridian(['verify'], { cwd });
  expect(verified.code).toBe(0);
});

describe('a command line that is wrong exits 2, names the option, and writes nothing', () => {
  const OUT = 'generate --out data';
  const wrong: readonly (readonly [args: string, expected: readonly RegExp[]])[] = [
    ['generate', [/--out/, /not specified/]],
    [`${OUT} --count 0`, [/--count 0/, /from 1 to 2,147,483,647/]],
    [`${OUT} --count=-5`, [/--count -5/, /from 1 to/]],
    [`${OUT} --count 1.5`, [/--count 1\.5/, /whole number/]],
    [`${OUT} --count 1e3`, [/--count 1e3/]],
    [`${OUT} --count 2147483648`, [/--count 2147483648/, /2,147,483,647/]],
    [`${OUT} --count many`, [/--count many/]],
    [`${OUT} --seed x`, [/--seed x/, /whole number from 0/]],
    [`${OUT} --seed=-1`, [/--seed -1/]],
    [`${OUT} --seed 9007199254740992`, [/--seed 9007199254740992/]],
    [`${OUT} --invalid 1.1`, [/--invalid 1\.1/, /from 0 to 1/]],
    [`${OUT} --invalid=-0.1`, [/--invalid -0\.1/]],
    [`${OUT} --invalid 5%`, [/--invalid 5%/, /such as 0\.05/]],
    [`${OUT} --format xml`, [/--format/, /xml/, /csv, tsv, json, ndjson/]],
    [`${OUT} users`, [/too many arguments/]],
    ['populate --generate 0', [/--generate 0/, /from 1 to 2,147,483,647/]],
    ['populate --generate 10 --seed 1.5', [/--seed 1\.5/]],
    ['populate --generate 10 --invalid 2', [/--invalid 2/]],
    ['populate --generate 10 --users a.csv', [/--generate/, /--users/]],
    ['populate --generate 10 --format csv', [/--generate/, /--format/]],
    ['populate --seed 1', [/--seed/, /--generate/]],
    ['populate --invalid 0.1', [/--invalid/, /--generate/]],
  ];

  test.each(wrong)('%s', async (args, messages) => {
    const cwd = makeFolder();
    const { code, stdout, stderr } = await meridian(args.split(' '), { cwd });
    for (const expected of messages) {
      expect(stderr).toMatch(expected);
    }
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(readdirSync(cwd)).toEqual([]);
  });

  test('--out without a name', async () => {
    const { code, stderr } = await meridian(['generate', '--out', ''], { cwd: makeFolder() });
    expect(code).toBe(2);
    expect(stderr).toContain('--out needs the name of a directory.');
  });
});
