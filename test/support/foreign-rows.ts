/** Rows of an outbox as another program may have written them, past the rules of the writer. */
import type { Place } from './engines.ts';

const ROW = {
  event_id: "'p1'",
  type: "'placed'",
  schema_version: '1',
  aggregate: "'order'",
  aggregate_id: '900',
  aggregate_version: '1',
  payload: `'{"id":900,"userId":1,"productId":1,"quantity":1,"status":"confirmed"}'`,
  occurred_at: "'2026-01-01T00:00:00.000Z'",
};

export type ForeignRow = Partial<Record<keyof typeof ROW, string>>;

/** Each with what central says of it. */
export const FOREIGN_ROWS: readonly (readonly [string, ForeignRow, RegExp])[] = [
  ['a time of no zone', { occurred_at: "'2026-01-01 00:00:00'" }, /^time "2026-01-01 00:00:00" has to be UTC/],
  ['no time', { occurred_at: "'noon'" }, /^time "noon"/],
  [
    'an event id of two lines',
    { event_id: `'a' || char(13) || char(10) || 'b'` },
    /^event id "a\\r\\nb" has to be text/,
  ],
  ['an endless event id', { event_id: "'long'" }, /^event id/],
  ['an unknown aggregate', { aggregate: "'gadget'" }, /^events about "gadget" are not known here/],
  [
    'an aggregate with spaces and dots',
    { aggregate: "'or. der *>'" },
    /^events about "or. der \*>" are not known here/,
  ],
  [
    'an aggregate beyond the basic plane',
    { aggregate: "'\u{1F6A2}'" },
    /^events about "\u{1F6A2}" are not known here/u,
  ],
  ['an event id of many bytes', { event_id: `'${'\u{1F6A2}'.repeat(50)}'`, type: "'?'", aggregate: "'?'" }, /^events/],
  ['no aggregate', { aggregate: "''" }, /^aggregate "" has to be text/],
  ['an endless type', { type: "'long'" }, /^type/],
  ['version 0', { aggregate_version: '0' }, /^version "0" has to be a whole number/],
  ['a huge id', { aggregate_id: '9007199254740993' }, /^aggregate id "\d+" has to be a whole number/],
  ['a payload that is no JSON', { payload: "'{'" }, /^the payload is not a JSON object/],
  [
    'a payload that is too large',
    { payload: "'huge'" },
    /^the payload has 200,000 bytes, and can have at most 131,072/,
  ],
  ['a payload that is nested deep', { payload: "'deep'" }, /^the payload is nested deeper than 64 levels/],
];

/** What is too long to be written where it is named. */
const LONG: Readonly<Record<string, string>> = {
  "'long'": `'${'x'.repeat(5000)}'`,
  "'huge'": `'${'x'.repeat(200_000)}'`,
  "'deep'": `'{"id":${'['.repeat(40_000)}${']'.repeat(40_000)}}'`,
};

/** @param row its columns, as they stand in SQL; the others are those of an order */
export async function insertForeign({ engine, execute }: Place, row: ForeignRow): Promise<void> {
  const all = { ...ROW, ...row };
  const values = Object.values(all).map(
    (value) => LONG[value] ?? (engine === 'sqlite' ? value : value.replaceAll('char(', 'chr(')),
  );
  await execute('orders.boston', `insert into outbox_event (${Object.keys(all).join()}) values (${values.join()})`);
}
