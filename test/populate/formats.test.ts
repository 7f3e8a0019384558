/** The same values are the same records in every format: numbers by their text, times by the instant. */
import { expect, test } from '@jest/globals';
import { fileSource } from '../../src/populate/read/file.ts';
import { TEXT_FORMATS, type TextFormat } from '../../src/populate/read/format.ts';
import type { PopulateReport } from '../../src/populate/report.ts';
import { countsOf, populateIn } from '../support/databases.ts';
import { forEachEngineThoroughly } from '../support/engines.ts';
import { makeFolder, writeIn } from '../support/folder.ts';

/** A file with these columns. Texts that are JSON already, such as numbers, stand in it as they are, as they do in a table. */
function fileOf(format: TextFormat, columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const separator = format === 'tsv' ? '\t' : ',';
  const objects = rows.map((row) => `{${row.map((value, index) => `"${columns[index]}":${value}`).join()}}`);
  const unquoted = rows.map((row) => row.map((value) => value.replaceAll('"', '')).join(separator));
  const text = {
    csv: () => [columns.join(separator), ...unquoted].join('\n'),
    tsv: () => [columns.join(separator), ...unquoted].join('\n'),
    ndjson: () => objects.join('\n'),
    json: () => `[${objects.join(',\n')}]`,
  }[format]();
  return writeIn(makeFolder(), `records.${format}`, `${text}\n`);
}

/** The number of each rejected record, and why. */
const rejected = (report: PopulateReport, database: string) =>
  report.databases[database]?.details
    ?.filter(({ outcome }) => outcome === 'rejected')
    .map(({ number, errors }) => [number, ...errors.map(({ message }) => message).sort()]);

const NO_DECIMAL = 'Price must be a decimal number with at most two decimals';
const GROUPED = `${NO_DECIMAL} (if its digits are grouped, name the sign between them with --thousands)`;
const NO_ID = 'Id must be a whole number up to 9007199254740991';

forEachEngineThoroughly((makePlace) => {
  test('numbers', async () => {
    const place = await makePlace();
    const prices = ['5', '19.99', '12.50', '0.1', '5.0', '9999999999.99'];
    const others = ['19.990', '5.000', '1e3', '1.5e-1', '90071992547409.931', '1e400', '0.1234567890123456789'];
    const ids = ['12.0', '1.3e1', '-14', '9007199254740993', `1${'0'.repeat(500)}1`, '-0'];
    const rows = [
      ...[...prices, ...others].map((price, index) => [String(index + 1), `"Mug ${index + 1}"`, price]),
      ...ids.map((id) => [id, '"Mug"', '1']),
    ];
    for (const format of TEXT_FORMATS) {
      const file = fileOf(format, ['id', 'name', 'price'], rows);
      const report = await populateIn(place, { sources: { products: fileSource(file) } });
      const went = format === TEXT_FORMATS[0] ? 'inserted' : 'unchanged';
      expect([format, countsOf(report)['products']]).toMatchObject([
        format,
        { read: 19, [went]: prices.length, rejected: 13 },
      ]);
      expect(rejected(report, 'products')).toEqual([
        [7, GROUPED],
        [8, GROUPED],
        [9, NO_DECIMAL],
        [10, NO_DECIMAL],
        [11, 'Price can be at most 9,999,999,999.99', NO_DECIMAL],
        [12, NO_DECIMAL],
        [13, NO_DECIMAL],
        [14, NO_ID],
        [15, NO_ID],
        [16, 'Id must be positive'],
        [17, NO_ID],
        [18, NO_ID],
        [19, NO_ID],
      ]);
    }
    expect((await place.rowsOf('products')).map((row) => (row as { price_cents: number }).price_cents)).toEqual([
      500, 1999, 1250, 10, 500, 999999999999,
    ]);
  });

  test('times', async () => {
    const place = await makePlace();
    const users = writeIn(makeFolder(), 'users.csv', 'id,name,email\n1,Ann,ann@example.com\n');
    const products = writeIn(makeFolder(), 'products.csv', 'id,name,price\n1,Mug,5\n');
    await populateIn(place, { sources: { users: fileSource(users), products: fileSource(products) } });
    const times = [
      ['2026-06-01T10:00:00Z', '2026-06-01T10:00:00.000Z'],
      ['2026-06-01 10:00:00+00', '2026-06-01T10:00:00.000Z'],
      ['2026-06-01 10:00:00.5+02', '2026-06-01T08:00:00.500Z'],
      ['2026-06-01 10:00:00.120000+0530', '2026-06-01T04:30:00.120Z'],
      ['0050-02-28 23:00:00-08', '0050-03-01T07:00:00.000Z'],
      ['0000-02-29 00:00:00+00', '0000-02-29T00:00:00.000Z'],
    ];
    const noTimes = ['2026-06-01 10:00:00.123456+00', '2026-06-01T10:00:00', '2026-02-29T00:00:00Z'];
    const rows = [...times.map(([text]) => text), ...noTimes].map((text, index) => [
      String(index + 1),
      '1',
      '1',
      '1',
      `"${text}"`,
    ]);
    for (const format of TEXT_FORMATS) {
      const file = fileOf(format, ['id', 'userId', 'productId', 'quantity', 'placedAt'], rows);
      const report = await populateIn(place, { sources: { orders: fileSource(file) } });
      const went = format === TEXT_FORMATS[0] ? 'inserted' : 'unchanged';
      expect([format, countsOf(report)['orders']]).toMatchObject([format, { read: 9, [went]: 6, rejected: 3 }]);
      expect(rejected(report, 'orders')).toEqual([
        [7, 'Placed at can have at most three decimals of a second, the others zero'],
        [8, 'Placed at must be an ISO 8601 date and time with a zone (it names no time zone: name it with --timezone)'],
        [9, 'Placed at must be an ISO 8601 date and time with a zone'],
      ]);
    }
    const placed = (await place.rowsOf('orders')).map((row) => (row as { placed_at: string }).placed_at);
    expect(placed).toEqual(times.map(([, canonical]) => canonical));
  });

  test('what cannot be seen is not loaded as part of a key', async () => {
    const place = await makePlace();
    const rows = [
      ['1', '"Ann\u200d"', '"ann@example.com"'],
      ['2', '"Ann"', '"ann\u200b@example.com"'],
      ['3', '"Ann"', '"ann@example.com\u2060"'],
      ['4\ufeff', '"Bo"', '"bo@example.com"'],
      ['5\u200b', '"Cy"', '"cy@example.com"'],
    ].map(([id = '', ...rest]) => [/^\d$/.test(id) ? id : `"${id}"`, ...rest]);
    for (const format of TEXT_FORMATS) {
      const file = fileOf(format, ['id\u200b', '\u00a0name', 'e\ufeffmail'], rows);
      const report = await populateIn(place, { sources: { users: fileSource(file) } });
      expect([format, countsOf(report)['users']]).toMatchObject([format, { read: 5, rejected: 3, updated: 0 }]);
      expect(rejected(report, 'users')).toEqual([
        [2, 'Email holds an invisible character (U+200B)'],
        [3, 'Email holds an invisible character (U+2060)'],
        [5, `${NO_ID} (it holds the invisible character U+200B)`],
      ]);
    }
    expect(await place.rowsOf('users')).toEqual([
      { id: 1, name: 'Ann\u200d', email: 'ann@example.com' },
      { id: 4, name: 'Bo', email: 'bo@example.com' },
    ]);
  });
});
