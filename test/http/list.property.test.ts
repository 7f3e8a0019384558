/** Pages of a list: each row that was there from the beginning to the end comes once, in order, whatever comes in between. */
import { expect, test } from '@jest/globals';
import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import fc from 'fast-check';
import type { DatabaseDeclaration } from '../../src/database/declaration.ts';
import { depth } from '../support/depth.ts';
import { forEachEngineThoroughly } from '../support/engines.ts';
import { makeTables, serve } from '../support/served.ts';

@Entity({ tableName: 'readings' })
class Reading {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  id!: number;

  @Property({ type: 'integer', nullable: true })
  @Index()
  level!: number | null;

  @Property({ type: 'text' })
  @Index()
  name!: string;

  @Property({ type: 'datetime', length: 6 })
  @Index()
  takenAt!: Date;
}

const readings: readonly DatabaseDeclaration[] = [
  { name: 'readings', entities: [{ name: 'reading', entity: Reading }] },
];

const PATH = '/api/databases/readings/reading';

const row = fc.record({
  level: fc.option(fc.integer({ min: 0, max: 3 })),
  name: fc.constantFrom('a', 'B', 'b', 'ä', 'ab', '10', '9'),
  takenAt: fc.constantFrom('2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.001Z', '2025-12-31T23:59:59.999Z'),
});

const scene = fc.record({
  first: fc.array(row, { minLength: 1, maxLength: 15 }),
  later: fc.array(row, { maxLength: 10 }),
  sort: fc.constantFrom('', 'id', '-id', 'level', '-level', 'name', '-name', 'takenAt', '-takenAt'),
  limit: fc.integer({ min: 1, max: 5 }),
});

forEachEngineThoroughly((makePlace) => {
  test('keyset pagination under inserts', async () => {
    const place = await makePlace();
    await makeTables(place, readings);
    const { ask } = await serve(place, readings);
    let nextId = 1;
    await fc.assert(
      fc.asyncProperty(scene, async ({ first, later, sort, limit }) => {
        await place.execute('readings', 'delete from readings');
        const base = nextId * 2;
        nextId += 1000;
        const before = first.map((one, index) => ({ id: base + index * 2, ...one }));
        for (const body of before) {
          expect((await ask('POST', PATH, { body })).status).toBe(201);
        }
        const between = later.map((one, index) => ({ id: base + index * 2 + 1, ...one }));
        const seen: Readonly<Record<string, unknown>>[] = [];
        let after = '';
        do {
          const query = `limit=${limit}${sort === '' ? '' : `&sort=${sort}`}${after === '' ? '' : `&after=${after}`}`;
          const { status, body } = await ask('GET', `${PATH}?${query}`);
          expect(status).toBe(200);
          seen.push(...body.rows);
          after = body.next ?? '';
          const added = between.shift();
          if (added !== undefined) {
            await ask('POST', PATH, { body: added });
          }
        } while (after !== '');
        const ids = seen.map(({ id }) => Number(id));
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids).toEqual(expect.arrayContaining(before.map(({ id }) => id)));
        const property = sort.replace('-', '') || 'id';
        const ordered = seen.filter((one) => one[property] !== null);
        // those without a value come last
        expect(seen.slice(0, ordered.length)).toEqual(ordered);
        if (property !== 'name') {
          const values = ordered.map((one) =>
            property === 'takenAt' ? Date.parse(String(one[property])) : Number(one[property]),
          );
          expect(values).toEqual(values.toSorted((a, b) => (sort.startsWith('-') ? b - a : a - b)));
        }
      }),
      { numRuns: depth(6, 100) },
    );
  });
});
