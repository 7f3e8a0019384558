/** Files, progress and corrections of loads, without a browser. */
import { expect, test } from '@jest/globals';
import { correctedRecord, fieldsOf, recordMessages } from '../../src/page/loads/correction.ts';
import { optionQuery, populateCommand, previewBytes, startOf, tableFor } from '../../src/page/loads/files.ts';
import {
  doneOf,
  type Run,
  readOf,
  secondsLeft,
  stateOf,
  type TableRun,
  totalOf,
} from '../../src/page/loads/progress.ts';
import { linesOf, rejectIn } from '../../src/page/loads/reject-lines.ts';

test('a file is for the table whose name it has', () => {
  const tables = ['orders', 'orders.boston', 'users'];
  expect(
    ['Users.csv', 'orders.boston.ndjson', 'orders-2026.csv.gz', 'userscopy.csv'].map((name) => tableFor(name, tables)),
  ).toEqual(['users', 'orders.boston', 'orders', '']);
  expect(tableFor('export.csv', ['parcels'])).toBe('parcels');
});

test('the beginning of a file ends with a whole line', async () => {
  const file = new Blob(['id\n1\n22\n333\n']);
  expect(await (await startOf(file, 7)).text()).toBe('id\n1\n');
  expect(await (await startOf(file, 100)).text()).toBe('id\n1\n22\n333\n');
  expect([previewBytes('a.zip', 1000), previewBytes('a.csv', 1e9), previewBytes('a.zip', 1e9)]).toEqual([
    1000,
    262144,
    undefined,
  ]);
});

test('options are those of populate', () => {
  const options = { onConflict: 'update', allOrNothing: true, dryRun: true };
  expect(optionQuery(options)).toEqual({ onConflict: 'update', allOrNothing: 'true', dryRun: 'true' });
  expect(optionQuery({ onConflict: '', allOrNothing: false, dryRun: false })).toEqual({});
  expect(populateCommand([{ name: 'my users.csv', table: 'users' }], options)).toBe(
    "npx meridian populate --load 'users=my users.csv' --on-conflict update --all-or-nothing --dry-run",
  );
  const reading = { delimiter: ';', encoding: '', nulls: 'NA' };
  expect(optionQuery({ ...options, reading })).toMatchObject({ delimiter: ';', nulls: 'NA' });
  expect(populateCommand([{ name: 'users.csv', table: 'users' }], { ...options, allOrNothing: false, reading })).toBe(
    "npx meridian populate --load users=users.csv --delimiter ';' --null NA --on-conflict update --dry-run",
  );
  expect(populateCommand([], { onConflict: '', allOrNothing: false, dryRun: false })).toBe(
    'npx meridian populate --load TABLE=FILE',
  );
});

test('progress is unknown where the size is', () => {
  const progress = { table: 'users', read: 50, rejected: null };
  expect(doneOf(progress)).toBeUndefined();
  expect(doneOf({ ...progress, bytesRead: 10, bytesTotal: 40 })).toBe(0.25);
  expect(doneOf({ ...progress, count: 40 })).toBe(1);
  expect([secondsLeft(0.25, 10), secondsLeft(undefined, 10), secondsLeft(0, 10)]).toEqual([30, undefined, undefined]);
});

test('records that are read are counted before they are committed', () => {
  const tables = { users: { read: 500 }, orders: { read: 20 } } as unknown as Run['tables'];
  const progress = [{ table: 'users', read: 900, rejected: null }];
  expect(readOf({ run: 'a', startedAt: null, isRunning: true, tables, progress })).toBe(920);
});

test('a load is as its worst table', () => {
  const table = (state: string, rejected = 0) => ({ state, read: 5, rejected }) as TableRun;
  const run = (tables: Run['tables'], given: Partial<Run> = {}): Run => ({
    run: 'a',
    startedAt: null,
    isRunning: false,
    tables,
    ...given,
  });
  expect(stateOf(run({ a: table('finished'), b: table('stopped') }))).toBe('stopped');
  expect(stateOf(run({ a: table('stopped') }, { isRunning: true }))).toBe('running');
  expect(stateOf(run({}, { error: 'full' }))).toBe('failed');
  expect(stateOf(run({}))).toBe('unknown');
  expect(totalOf(run({ a: table('finished', 2), b: table('finished', 3) }), 'rejected')).toBe(5);
});

const REJECT = {
  number: 3,
  line: 4,
  record: { user_id: 'x', quantity: 2, note: null },
  errors: [
    { property: 'userId', code: 'isInt', message: 'User id must be a whole number' },
    { property: 'productId', code: 'isDefined', message: 'Product id is missing' },
    { property: null, code: 'late', message: 'The record is too late' },
  ],
};

test('the faulty values of a record are marked, those that it lacks too', () => {
  expect(fieldsOf(REJECT).map(({ name, text, messages }) => [name, text, ...messages])).toEqual([
    ['user_id', 'x', 'User id must be a whole number'],
    ['quantity', '2'],
    ['note', ''],
    ['productId', '', 'Product id is missing'],
  ]);
  expect(fieldsOf({ ...REJECT, map: { productId: 'note' } })[2]?.messages).toEqual(['Product id is missing']);
  expect(recordMessages(REJECT)).toEqual(['The record is too late']);
  expect([fieldsOf({ ...REJECT, record: 'a;b' }), recordMessages({ ...REJECT, record: 'a;b' }).length]).toEqual([
    [],
    3,
  ]);
});

test('a correction changes what was typed and nothing else', () => {
  expect(correctedRecord(REJECT, { user_id: '5', note: '' })).toEqual({ user_id: '5', quantity: 2, note: null });
});

test('a reject keeps its numbers as they are written', () => {
  const line = '{"number":1,"line":1,"record":{"n":{"price":1.10,"serial":9007199254740993}},"errors":[]}';
  const reject = rejectIn(line);
  expect(fieldsOf(reject).map(({ text }) => text)).toEqual(['{"price":1.10,"serial":9007199254740993}']);
  expect(JSON.stringify(correctedRecord(reject, { other: 'x' }))).toBe(
    '{"n":{"price":1.10,"serial":9007199254740993},"other":"x"}',
  );
  expect(fieldsOf(rejectIn(line.replace(/\{"n".*\}\}/, '9007199254740993')))).toEqual([]);
});

test('lines of a stream are whole, wherever it is cut', async () => {
  const bytes = new TextEncoder().encode('{"a":"é"}\n{"b":1}\n{"c":2}');
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < bytes.length; at += 3) {
        controller.enqueue(bytes.slice(at, at + 3));
      }
      controller.close();
    },
  });
  const lines: string[] = [];
  for await (const line of linesOf(stream)) {
    lines.push(line);
  }
  expect(lines).toEqual(['{"a":"é"}', '{"b":1}', '{"c":2}']);
});
