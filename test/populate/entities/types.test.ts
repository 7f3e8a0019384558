/** Properties of every type that MikroORM has, from files of every format: loaded once, they are unchanged the next time. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ArrayType, BigIntType, defineEntity, type EntityName, p, TimeType } from '@mikro-orm/core';
import { fileSource } from '../../../src/populate/read/file.ts';
import { forEachEngineThoroughly } from '../../support/engines.ts';
import { ownEntity } from '../../support/own-entity.ts';
import { loaded, outcome } from './outcome.ts';

const Sample = defineEntity({
  name: 'Sample',
  tableName: 'samples',
  properties: {
    id: p.integer().primary().autoincrement(false),
    amount: p.decimal().precision(10).scale(2).nullable(),
    share: p.decimal('number').precision(12).scale(4).nullable(),
    data: p.json().nullable(),
    tags: p.array().nullable(),
    numbers: p
      .type(new ArrayType((one) => +one))
      .columnType('int[]')
      .nullable(),
    names: p.string().array().nullable(),
    counts: p.integer().array().nullable(),
    state: p.enum(['new', 'old']).nullable(),
    level: p.enum([1, 2, 3]).nullable(),
    mood: p.enum(['Good', 'Bad']).nativeEnumName('mood_kind').nullable(),
    moods: p.enum(['Good', 'Bad']).array().nullable(),
    day: p.date().nullable(),
    time: p.time().columnType('time(6)').nullable(),
    clock: p.type(new TimeType()).nullable(),
    at: p.datetime().nullable(),
    second: p.datetime(0).nullable(),
    photo: p.blob().nullable(),
    bytes: p.uint8array().nullable(),
    uuid: p.uuid().nullable(),
    flag: p.boolean().nullable(),
    ratio: p.double().nullable(),
    code: p.character().length(3).nullable(),
    long: p.type(new BigIntType('bigint')).nullable(),
    small: p.smallint().unsigned().nullable(),
    hidden: p.text().hidden().nullable(),
    lazy: p.text().lazy().nullable(),
    computed: p.integer().formula('1'),
    unsaved: p.string().persist(false).nullable(),
    double: p.integer().generated('(id * 2) stored').nullable(),
  },
}) as never as EntityName<object>;

const FULL = {
  id: 1,
  amount: '12.5',
  share: 0.125,
  data: { b: [1, { c: null }], a: 'x' },
  tags: ['a', 'b, c', ' d ', 'e "f" \\\\ {g}', 'NULL'],
  numbers: [1, -2, 3],
  names: ['Ann', ''],
  counts: [3, 2],
  state: 'old',
  level: 2,
  mood: 'Bad',
  moods: ['Good', 'Bad'],
  day: '2026-01-31',
  time: '18:30:00.5',
  clock: '18:30',
  at: '2026-01-31T18:30:00.123Z',
  second: '2026-01-31T18:30:00Z',
  photo: 'aGVsbG8=',
  bytes: 'AAEC/w==',
  uuid: '6F9619FF-8B86-D011-B42D-00C04FC964FF',
  flag: true,
  ratio: 1.5,
  code: 'ab',
  long: '9007199254740993',
  small: 7,
  hidden: 'secret',
  lazy: 'long text',
};

/** The same values, written otherwise. */
const SAME = {
  ...FULL,
  amount: '12.500',
  share: '0.1250',
  data: { a: 'x', b: [1.0, { c: null }] },
  time: '18:30:00.500',
  clock: '18:30:00',
  uuid: '6f9619ff-8b86-d011-b42d-00c04fc964ff',
};

forEachEngineThoroughly((makePlace) => {
  test('are unchanged when they are loaded again', async () => {
    const { place, load } = await ownEntity(await makePlace(), { name: 'samples', entity: Sample });
    // a batch of few rows is written in another way than one of many
    const records = [FULL, ...Array.from({ length: 20 }, (_, index) => ({ ...FULL, id: index + 2 })), { id: 50 }];
    expect(outcome((await load(records)).databases['samples'])).toEqual(loaded(22, 0, 0));
    const again = [SAME, ...records.slice(1)];
    expect(outcome((await load(again)).databases['samples'])).toEqual(loaded(0, 0, 22));
    const changes = {
      data: [1],
      tags: [],
      numbers: [9],
      moods: [],
      photo: 'AA==',
      long: '1',
      level: 3,
      counts: [2, 3],
    };
    const changed = Object.entries(changes).map(([name, value], index) => ({ id: index + 1, [name]: value }));
    expect(outcome((await load(changed, { onConflict: 'update' })).databases['samples'])).toEqual(loaded(0, 8, 0));
    expect(outcome((await load(changed)).databases['samples'])).toEqual(loaded(0, 0, 8));
    expect(await place.execute('samples', 'select hidden, lazy, double from samples where id = 9')).toEqual([
      { hidden: 'secret', lazy: 'long text', double: 18 },
    ]);
  });

  test('are read from CSV, JSON and NDJSON alike', async () => {
    const place = await makePlace();
    const { load } = await ownEntity(place, { name: 'samples', entity: Sample });
    const cells = Object.values(FULL).map((value) =>
      typeof value === 'object' ? JSON.stringify(value) : String(value),
    );
    const csv = `${Object.keys(FULL).join()}\n${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join()}\n`;
    const files = {
      'samples.csv': csv,
      'samples.json': JSON.stringify([FULL]),
      'samples.ndjson': JSON.stringify(SAME),
    };
    const results = [];
    for (const [name, text] of Object.entries(files)) {
      const file = join(place.folder, name);
      writeFileSync(file, text);
      results.push(outcome((await load([], { sources: { samples: fileSource(file) } })).databases['samples']));
    }
    expect(results).toEqual([loaded(1, 0, 0), loaded(0, 0, 1), loaded(0, 0, 1)]);
  });

  test('are rejected with the same words on every engine', async () => {
    const { load } = await ownEntity(await makePlace(), { name: 'samples', entity: Sample });
    const wrong = {
      amount: '1.234',
      data: '{"a":',
      tags: 'a, b',
      numbers: ['x'],
      counts: [1.5],
      state: 'lost',
      level: 4,
      mood: 'good',
      moods: ['Good', 'bad'],
      day: '2026-02-30',
      time: '25:00',
      photo: 'a*b',
      uuid: '123',
      code: 'abcd',
      long: '9223372036854775808',
      small: -1,
    };
    const records = Object.entries(wrong).map(([name, value], index) => ({ id: index + 1, [name]: value }));
    const report = (await load([...records, { id: 99, data: { text: 'a\0' } }])).databases['samples'];
    expect(outcome(report)).toEqual(
      loaded(
        0,
        0,
        0,
        'amount can have at most 2 decimals, but is "1.234"',
        'code can have at most 3 characters, but is "abcd"',
        'counts is not a list in JSON, such as ["a", "b"], of which each element is a whole number up to 9007199254740991, but [1.5]',
        'data holds a NUL character: {"text":"a\\u0000"}',
        'data is not JSON, such as {"a": 1} or [1, 2], with numbers that JavaScript has, but "{"a":"',
        'day is not a date such as 2026-01-31, but "2026-02-30"',
        'level must be one of 1, 2, 3, but is 4',
        'long must be a whole number from -9223372036854775808 to 9223372036854775807, but is "9223372036854775808"',
        'mood must be one of Good, Bad, but is "good"',
        'moods element 2 must be one of Good, Bad: ["Good","bad"]',
        'numbers is not a list in JSON, such as ["a", "b"], of which each element is a whole number up to 9007199254740991, but ["x"]',
        'photo is not base64, such as aGVsbG8=, but "a*b"',
        'small cannot be negative, but is -1',
        'state must be one of new, old, but is "lost"',
        'tags is not a list in JSON, such as ["a", "b"], of which each element is text, but "a, b"',
        'time is not a time of day such as 18:30:00, but "25:00"',
        'uuid is not a UUID, but "123"',
      ),
    );
  });

  test('a list that SQLite cannot give back is rejected there', async () => {
    const { place, load } = await ownEntity(await makePlace(), { name: 'samples', entity: Sample });
    const report = (await load([{ id: 1, names: [''] }])).databases['samples'];
    expect(outcome(report)).toEqual(
      place.engine === 'sqlite'
        ? loaded(0, 0, 0, 'names is a list that its column cannot store unchanged: [""]')
        : loaded(1, 0, 0),
    );
  });

  test('decimals that are written otherwise are one value', async () => {
    const { load } = await ownEntity(await makePlace(), { name: 'samples', entity: Sample });
    const written = ['1', '1.0', '1.000', '1.00', 1];
    expect(outcome((await load([{ id: 1, amount: '1', share: '1' }])).databases['samples'])).toEqual(loaded(1, 0, 0));
    for (const amount of written) {
      expect(outcome((await load([{ id: 1, amount, share: amount }])).databases['samples'])).toEqual(loaded(0, 0, 1));
    }
  });
});
