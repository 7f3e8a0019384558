/** Values of JSON over HTTP: what is read is what is stored, and sent back it changes nothing. */
import { expect, test } from '@jest/globals';
import { types } from '@mikro-orm/core';
import { Embeddable, Embedded, Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import fc from 'fast-check';
import type { DatabaseDeclaration } from '../../src/database/declaration.ts';
import { depth } from '../support/depth.ts';
import { forEachEngine, type Place } from '../support/engines.ts';
import { makeTables, type Served, serve } from '../support/served.ts';

@Embeddable()
class Origin {
  @Property({ type: 'text', nullable: true })
  place!: string | null;

  @Property({ type: 'json', nullable: true })
  marks!: unknown;
}

@Entity({ tableName: 'things' })
class Thing {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  id!: number;

  @Property({ type: 'text', nullable: true })
  title!: string | null;

  @Property({ type: new types.bigint('string'), nullable: true })
  serial!: string | null;

  @Property({ type: 'decimal', precision: 12, scale: 3, nullable: true })
  weight!: string | null;

  @Property({ type: 'double', nullable: true })
  ratio!: number | null;

  @Property({ type: 'boolean', nullable: true })
  isUsed!: boolean | null;

  @Property({ type: 'Date', nullable: true })
  madeAt!: Date | null;

  @Property({ type: 'blob', nullable: true })
  picture!: Uint8Array | null;

  @Property({ type: 'array', nullable: true })
  tags!: string[] | null;

  @Property({ type: 'json', nullable: true })
  notes!: unknown;

  @Property({ type: 'json', default: '{"by":"default"}' })
  settings: unknown;

  @Embedded(() => Origin, { nullable: true })
  origin!: Origin | null;

  @Embedded(() => Origin, { object: true, nullable: true })
  source!: Origin | null;

  @Embedded(() => Origin, { array: true, nullable: true })
  sources!: Origin[] | null;
}

const things: DatabaseDeclaration = { name: 'things', entities: [{ name: 'thing', entity: Thing }] };

const THINGS = '/api/databases/things/thing';

async function open(place: Place): Promise<Served> {
  await makeTables(place, [things]);
  return serve(place, [things]);
}

/** Texts that JSON, numbers or spaces could be taken for. */
const texts = fc.oneof(
  fc.constantFrom('', ' ', 'null', '5', '1.10', '"a"', '{}', '{"a": 1}', '[1]', ' x ', '\\', 'true', 'it’s'),
  fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0') && text.isWellFormed()),
);

const json = fc.oneof(
  texts,
  fc.object({
    withNullPrototype: false,
    key: texts,
    values: [texts, fc.integer(), fc.constantFrom(0.1, 1e15, -5e-7), fc.boolean(), fc.constant(null)],
  }),
  fc.array(fc.oneof(texts, fc.integer(), fc.constant(null))),
  fc.integer(),
  fc.boolean(),
);

/** As every text column keeps it. */
const trimmed = texts.map((text) => text.trim()).filter((text) => text !== '');

const origin = fc.record({ place: fc.option(trimmed), marks: fc.option(json) });

const records = fc.record({
  id: fc.constant(1),
  title: fc.option(trimmed),
  serial: fc.constantFrom(null, '9223372036854775807', '-9007199254740993'),
  weight: fc.constantFrom(null, '1.500', '-12.345'),
  ratio: fc.constantFrom(null, 0.1, 1e21, 3),
  isUsed: fc.option(fc.boolean()),
  madeAt: fc.constantFrom(null, '2026-01-31T12:00:00.123Z'),
  picture: fc.constantFrom(null, 'aGVsbG8='),
  tags: fc.option(fc.array(fc.constantFrom('a', 'b c', '5'), { minLength: 1 })),
  notes: fc.option(json),
  settings: json,
  origin: fc.option(origin),
  source: fc.option(origin),
  sources: fc.option(fc.array(origin)),
});

forEachEngine((makePlace) => {
  test('what GET answers is what was written, and PUT of it changes nothing', async () => {
    const { ask } = await open(await makePlace());
    await fc.assert(
      fc.asyncProperty(records, async (record) => {
        const written = await ask('PUT', `${THINGS}/1`, { body: record });
        expect([written.body.detail, written.status < 300]).toEqual([undefined, true]);
        const read = await ask('GET', `${THINGS}/1`);
        const { notes, settings } = read.body as unknown as typeof record;
        expect({ notes, settings }).toEqual({ notes: record.notes, settings: record.settings });
        expect((read.body as unknown as typeof record).origin?.marks ?? null).toEqual(record.origin?.marks ?? null);
        expect((read.body as unknown as typeof record).source?.marks ?? null).toEqual(record.source?.marks ?? null);
        const again = await ask('PUT', `${THINGS}/1`, { body: read.body });
        expect([again.status, again.body]).toEqual([200, read.body]);
        const nested = 'tags,notes,settings,origin.marks,source,sources';
        const patched = await ask('PATCH', `${THINGS}/1?replace=${nested}`, { body: read.body });
        expect([patched.status, patched.headers['etag']]).toEqual([200, read.headers['etag']]);
        await ask('DELETE', `${THINGS}/1`);
      }),
      { numRuns: depth(20, 500) },
    );
  });

  test('a PATCH replaces the values of JSON that it is asked to, with their nulls', async () => {
    const { ask } = await open(await makePlace());
    const notes = { a: { b: 1, c: 2 }, d: 3 };
    await ask('POST', THINGS, { body: { id: 1, notes, source: { place: 'x', marks: notes } } });
    expect((await ask('PATCH', `${THINGS}/1`, { body: { notes: { a: { b: null } } } })).body).toMatchObject({
      notes: { a: { c: 2 }, d: 3 },
    });
    const replaced = { a: { b: null }, e: '{}' };
    const body = { notes: replaced, source: { marks: replaced } };
    expect(await ask('PATCH', `${THINGS}/1?replace=notes,source`, { body })).toMatchObject({ status: 200 });
    expect((await ask('GET', `${THINGS}/1`)).body).toMatchObject({
      notes: replaced,
      source: { marks: replaced },
    });
    expect(await ask('PATCH', `${THINGS}/1?replace=title`, { body })).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('no property of JSON') },
    });
  });

  test('the default of a column of JSON is the JSON that it declares', async () => {
    const { ask } = await open(await makePlace());
    const settings = { by: 'default' };
    expect((await ask('PUT', `${THINGS}/1`, { body: {} })).body).toMatchObject({ settings });
  });
});
