import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import Database from 'better-sqlite3';
import type { Contestant, Run } from '../contestant.ts';
import { contestants } from '../contestants/list.ts';
import { makeFiles } from '../files.ts';
import { DATABASES, runs } from '../places.ts';
import { runAll } from '../process.ts';
import { takeSchema } from '../schema.ts';

// more than one batch of a contestant that works in batches
const RECORDS = 5001;

let folder: string;
let files: Record<string, string>;
let schemas: Record<string, string>;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'meridian-bench-'));
  mkdirSync(runs, { recursive: true });
  files = (await makeFiles(RECORDS, 1)).csv as Record<string, string>;
  schemas = await takeSchema();
});

after(() => rmSync(folder, { recursive: true }));

async function load(contestant: Contestant, name: string, csv = files): Promise<Run> {
  const run = { folder: join(folder, name), files: csv, schemas };
  mkdirSync(run.folder);
  await runAll(contestant.steps(run), run.folder);
  return run;
}

function rows({ folder: of }: Run, database: string): unknown[] {
  const db = new Database(join(of, `${database}.db`), { readonly: true });
  const all = db.prepare(`select * from ${database} order by id`).all();
  db.close();
  return all;
}

test('everybody leaves the rows that Meridian leaves', async (t) => {
  const [meridian, ...others] = contestants as [Contestant, ...Contestant[]];
  const expected = await load(meridian, meridian.name);
  assert.deepEqual(await meridian.count(expected), { users: RECORDS, products: RECORDS, orders: RECORDS });
  for (const other of others) {
    await t.test(other.title, { skip: other.unavailable() }, async () => {
      const run = await load(other, other.name);
      for (const database of DATABASES) {
        const same = rows(expected, database).map((row) => withPriceOf(other, row as Row));
        assert.deepEqual(rows(run, database), same);
      }
    });
  }
});

interface Row {
  readonly price_cents?: number;
}

/** `.import` and `sqlite-utils insert` store what the file says. */
function withPriceOf({ name }: Contestant, row: Row): Row {
  return ['sqlite3', 'sqlite-utils'].includes(name) && row.price_cents !== undefined
    ? { ...row, price_cents: row.price_cents / 100 }
    : row;
}

test('every ORM finds the record that breaks a rule', async (t) => {
  const broken: Record<string, [file: string, from: RegExp, to: string, message: RegExp]> = {
    email: ['users', /@example\.com\n$/, '@example\n', /email .*: isEmail/],
    price: ['products', /\.\d\d\n$/, '.999\n', /price .*: isDecimal/],
    quantity: ['orders', /,\d\n$/, ',0\n', /quantity .*: isPositive/],
  };
  for (const orm of contestants.filter(({ isOrm }) => isOrm)) {
    for (const [what, [file, from, to, message]] of Object.entries(broken)) {
      await t.test(`${orm.title}: ${what}`, async () => {
        const name = `${orm.name}-${what}`;
        const csv = join(folder, `${name}-files`);
        cpSync(dirname(files['users'] as string), csv, { recursive: true });
        const path = join(csv, `${file}.csv`);
        const text = readFileSync(path, 'utf8');
        assert.match(text, from);
        writeFileSync(path, text.replace(from, to));
        const changed = Object.fromEntries(DATABASES.map((database) => [database, join(csv, `${database}.csv`)]));
        await assert.rejects(load(orm, name, changed), message);
      });
    }
  }
});
