/** PATCH writes what it names, and leaves what other programs have stored in the other properties as it is. */
import { expect, test } from '@jest/globals';
import { types } from '@mikro-orm/core';
import { Embeddable, Embedded, Entity, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { IsPositive } from 'class-validator';
import fc from 'fast-check';
import type { DatabaseDeclaration } from '../../src/database/declaration.ts';
import { InstantType } from '../../src/types.ts';
import { depth } from '../support/depth.ts';
import { forEachEngine, type Place } from '../support/engines.ts';
import { makeTables, type Served, serve } from '../support/served.ts';

@Embeddable()
class Size {
  @Property({ type: 'integer', nullable: true })
  width!: number | null;

  @Property({ type: 'decimal', precision: 10, scale: 2, nullable: true })
  depth!: string | null;
}

@Entity({ tableName: 'parts' })
@Unique({ properties: ['shelf', 'slot'] })
class Part {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  id!: number;

  @Property({ type: 'text' })
  owner!: string;

  @Property({ type: 'text', nullable: true })
  remark!: string | null;

  @Property({ type: new types.bigint('string'), nullable: true })
  serial!: string | null;

  @Property({ type: 'json', nullable: true })
  notes!: unknown;

  @Property({ type: InstantType, nullable: true })
  madeAt!: string | null;

  @Property({ type: 'integer', nullable: true })
  shelf!: number | null;

  @Property({ type: 'integer', nullable: true })
  slot!: number | null;

  @IsPositive()
  @Property({ type: 'integer', default: 1 })
  count!: number;

  @Property({ type: 'text', nullable: true, onUpdate: () => 'changed' })
  state!: string | null;

  @Embedded(() => Size)
  size!: Size;
}

const declaration: DatabaseDeclaration = { name: 'parts', entities: [{ name: 'part', entity: Part }] };

const PARTS = '/api/databases/parts/part';

async function open(place: Place): Promise<Served> {
  await makeTables(place, [declaration]);
  return serve(place, [declaration]);
}

function sqlText(value: string | number | null): string {
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);
}

/** Writes a row as another program would. */
async function put(place: Place, row: Readonly<Record<string, string | number | null>>): Promise<void> {
  await place.execute('parts', `delete from parts where id = ${row['id']}`);
  const values = Object.values(row).map(sqlText);
  await place.execute('parts', `insert into parts (${Object.keys(row).join(', ')}) values (${values.join(', ')})`);
}

/** Column -> its bytes as text, and how they are stored. */
async function stored(place: Place, engine: string, id = 1): Promise<Record<string, unknown>> {
  const form = (name: string) =>
    engine === 'sqlite' ? `typeof(${name}) || ' ' || quote(${name}) as ${name}` : `${name}::text as ${name}`;
  const columns = [
    'owner',
    'remark',
    'serial',
    'notes',
    'made_at',
    'shelf',
    'slot',
    'count',
    'size_width',
    'size_depth',
  ];
  const [row] = await place.execute('parts', `select ${columns.map(form).join(', ')} from parts where id = ${id}`);
  return row ?? {};
}

const plain = { id: 1, owner: 'a', count: 1 };

const JSON_TEXTS = [
  ...['{"serial":9007199254740993}', '{"price":1.10,"b":[1e3,-0]}', '"5"', '"abc"', '"{}"', '""', '" x "'],
  ...['5', 'true', '[1, "2"]', '{"b":1,"a":null}', '0.12345678901234567891', 'null', '9007199254740993'],
];

const rows = fc.record({
  id: fc.constant(1),
  owner: fc.constantFrom('a', ' a ', ''),
  remark: fc.constantFrom(null, '', ' padded ', 'null', '5', 'it’s', "o'clock"),
  serial: fc.constantFrom(null, '9223372036854775807', '-9007199254740993'),
  notes: fc.constantFrom(null, ...JSON_TEXTS),
  made_at: fc.constantFrom(null, '2026-01-02T03:04:05.000Z', '2026-01-02T03:04:05.123Z'),
  shelf: fc.constantFrom(null, 1, 2),
  slot: fc.constantFrom(null, 1, 2),
  count: fc.constantFrom(1, 2147483647),
  size_width: fc.constantFrom(null, 0, 7),
  size_depth: fc.constantFrom(null, 0, 12),
});

/** A patch of each property, and the columns that it may change. */
const PATCHES: readonly (readonly [object, readonly string[]])[] = [
  [{ owner: 'new' }, ['owner']],
  [{ remark: 'new' }, ['remark']],
  [{ remark: null }, ['remark']],
  [{ serial: '7' }, ['serial']],
  [{ notes: [7] }, ['notes']],
  [{ madeAt: '2026-03-04T05:06:07Z' }, ['made_at']],
  [{ shelf: 5 }, ['shelf']],
  [{ count: 9 }, ['count']],
  [{ size: { width: 9 } }, ['size_width']],
  [{ size: { depth: null } }, ['size_depth']],
  [{ size: null }, ['size_width', 'size_depth']],
  [{ size: {} }, []],
  [{}, []],
];

forEachEngine((makePlace, engine) => {
  test('all other columns are byte for byte as they were', async () => {
    const place = await makePlace();
    const { ask } = await open(place);
    await fc.assert(
      fc.asyncProperty(rows, fc.constantFrom(...PATCHES), async (row, [body, changed]) => {
        await put(place, row);
        const before = await stored(place, engine);
        expect(await ask('PATCH', `${PARTS}/1`, { body })).toMatchObject({ status: 200 });
        const after = await stored(place, engine);
        const others = Object.keys(before).filter((name) => !changed.includes(name));
        expect(others.map((name) => [name, after[name]])).toEqual(others.map((name) => [name, before[name]]));
      }),
      { numRuns: depth(40, 400) },
    );
  });

  test('what is named is checked as before', async () => {
    const place = await makePlace();
    const { ask } = await open(place);
    await put(place, { ...plain, size_width: 3, size_depth: 4 });
    for (const body of [{ owner: null }, { serial: 'x' }, { size: { width: 'x' } }, { nothing: 1 }]) {
      expect([body, (await ask('PATCH', `${PARTS}/1`, { body })).status]).toEqual([body, 422]);
    }
    const { body } = await ask('PATCH', `${PARTS}/1`, { body: { size: { width: 5 } } });
    expect(body).toMatchObject({ size: { width: 5, depth: '4.00' } });
  });

  test('the rules see the row as it will be', async () => {
    const place = await makePlace();
    const { ask } = await open(place);
    await put(place, { ...plain, count: -1 });
    expect(await ask('PATCH', `${PARTS}/1`, { body: { owner: 'b' } })).toMatchObject({
      status: 422,
      body: { errors: [{ property: 'count', code: 'isPositive' }] },
    });
    expect(await ask('PATCH', `${PARTS}/1`, { body: { owner: 'b', count: 2 } })).toMatchObject({ status: 200 });
  });

  test('onUpdate sets what a patch does not name, and only where something changes', async () => {
    const place = await makePlace();
    const { ask } = await open(place);
    await put(place, { ...plain, state: 'new' });
    expect((await ask('PATCH', `${PARTS}/1`, { body: { owner: 'a' } })).body).toMatchObject({ state: 'new' });
    expect((await ask('PATCH', `${PARTS}/1`, { body: { owner: 'b' } })).body).toMatchObject({ state: 'changed' });
    const named = { owner: 'c', state: 'named' };
    expect((await ask('PATCH', `${PARTS}/1`, { body: named })).body).toMatchObject(named);
  });

  test('a part of a unique key conflicts with the row that has the whole', async () => {
    const place = await makePlace();
    const { ask } = await open(place);
    await put(place, { ...plain, shelf: 1, slot: 1 });
    await put(place, { ...plain, id: 2, shelf: 2, slot: 1 });
    expect(await ask('PATCH', `${PARTS}/2`, { body: { shelf: 1 } })).toMatchObject({
      status: 409,
      body: { errors: [{ code: 'duplicate', message: 'Shelf and slot 1, 1 belong to part 1' }] },
    });
  });

  test.each(['{"price":1.10,"serial":9007199254740993}', '9007199254740993', '[0.12345678901234567891]'])(
    '%s in a column of JSON is shown with all its digits',
    async (text) => {
      const place = await makePlace();
      const { server, ask } = await open(place);
      await put(place, { ...plain, notes: text });
      const textOf = async (method: 'GET' | 'PATCH', url: string, payload?: object) => {
        const answer = await server.app.inject({
          method,
          url,
          headers: { host: 'localhost', ...(payload && { 'content-type': 'application/json' }) },
          ...(payload && { payload }),
        });
        return answer.body.replaceAll(/(?<=[,:]) /g, '');
      };
      expect(await textOf('GET', `${PARTS}/1`)).toContain(`"notes":${text}`);
      expect(await textOf('GET', PARTS)).toContain(`"notes":${text}`);
      expect(await textOf('PATCH', `${PARTS}/1`, { owner: 'b' })).toContain(`"notes":${text}`);
      const { etag } = (await ask('GET', `${PARTS}/1`)).headers;
      const headers = { 'if-match': String(etag) };
      expect(await ask('PATCH', `${PARTS}/1`, { body: { owner: 'c' }, headers })).toMatchObject({ status: 200 });
    },
  );

  test('a number that JavaScript does not have is refused in JSON, as in a load, and never rounded', async () => {
    const place = await makePlace();
    const { ask } = await open(place);
    await put(place, { ...plain, notes: '{"serial":9007199254740993,"a":1}' });
    const before = await stored(place, engine);
    for (const body of [
      '{"notes":{"serial":9007199254740995}}',
      '{"notes":9007199254740995}',
      '{"notes":{"a":2}}',
      '{"notes":[0.12345678901234567891]}',
    ]) {
      expect(await ask('PATCH', `${PARTS}/1`, { body })).toMatchObject({ status: 422 });
    }
    const body = '{"owner":"b","notes":{"serial":9007199254740995}}';
    expect(await ask('PUT', `${PARTS}/1`, { body })).toMatchObject({
      status: 422,
      body: { errors: [{ property: 'notes' }] },
    });
    expect(await stored(place, engine)).toEqual(before);
    await ask('PATCH', `${PARTS}/1`, { body: { notes: { serial: '9007199254740993', a: null } } });
    expect((await ask('GET', `${PARTS}/1`)).body).toMatchObject({ notes: { serial: '9007199254740993' } });
  });
});
