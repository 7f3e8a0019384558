/** Reverting a run whose rows refer to each other, and to rows and change events of other programs. */
import { describe, expect, test } from '@jest/globals';
import { EntitySchema } from '@mikro-orm/core';
import type { DatabaseDeclaration } from '../../../src/database/declaration.ts';
import type { PopulateOptions } from '../../../src/populate/options.ts';
import { populateIn } from '../../support/databases.ts';
import { forEachEngineMigratedThoroughly, forEachEngineThoroughly, type Place } from '../../support/engines.ts';
import { ownDatabase } from '../../support/own-database.ts';
import { regionalCatalog } from '../../support/regional-catalog.ts';
import { rawRecord, sourceOf, streamOf } from '../../support/sources.ts';

const KEY = { type: 'integer', primary: true, autoincrement: false };
const schema = (name: string, properties: object) =>
  new EntitySchema<object>({ name, properties: { id: KEY, ...properties } as never });

const Team: EntitySchema = schema('Team', {
  code: { type: 'text', unique: true },
  lead: { kind: 'm:1', entity: () => Person, nullable: true },
  parent: { kind: 'm:1', entity: () => Team, nullable: true },
});
const Person: EntitySchema = schema('Person', { team: { kind: 'm:1', entity: () => Team } });

const staff: DatabaseDeclaration = {
  name: 'staff',
  entities: [
    { name: 'person', entity: Person },
    { name: 'team', entity: Team },
  ],
};

const team = (id: number, lead: number | null, parent: number | null, code = `T${id}`) => ({ id, code, lead, parent });
const person = (id: number, of: number) => ({ id, team: of });

forEachEngineThoroughly((makePlace) => {
  const rowsIn = async (place: Place) => [await place.rowsOf('team', 'staff'), await place.rowsOf('person', 'staff')];
  const WHOLE = { allOrNothing: true, onConflict: 'update' } as const satisfies Partial<PopulateOptions>;

  test.each([1, 2, 1000])('rows that refer to later ones and to each other (batches of %d)', async (batchRecords) => {
    const { load, place } = await ownDatabase(await makePlace(), staff);
    await load({ team: [team(1, null, null, 'A'), team(2, null, 1, 'B')], person: [person(1, 1)] });
    const before = await rowsIn(place);
    const records = {
      // two rows exchange their unique codes, a new one takes one that is free by then
      team: [team(1, 3, 12, 'C'), team(2, 1, 1, 'A'), team(10, 3, 11, 'B'), team(11, 4, 12), team(12, null, 10)],
      person: [person(1, 11), person(3, 10), person(4, 12), person(5, 99)],
    };
    const report = await load(records, { ...WHOLE, batchRecords });
    expect(report.reverted?.message).toMatch(/records were rejected \(staff\.person: 1\)\. All rows of this run/);
    expect(await rowsIn(place)).toEqual(before);
    const good = { ...records, person: records.person.slice(0, 3) };
    expect((await load(good, { ...WHOLE, batchRecords })).reverted).toBeUndefined();
    expect((await rowsIn(place)).map((rows) => rows.length)).toEqual([5, 3]);
  });

  test('a row of another program that refers to one of the run is named, and the run can be reverted later', async () => {
    const { load, place } = await ownDatabase(await makePlace(), staff);
    const records = { team: [team(1, null, null), team(2, null, 9)] };
    // what comes second is read once the first team is committed, and again by the check
    const source = streamOf(async function* () {
      yield [rawRecord(records.team[0], 1)];
      await place.execute('staff', 'insert into person (id, team_id) values (77, 1) on conflict do nothing');
      yield [rawRecord(records.team[1], 2)];
    });
    const report = await load(records, { ...WHOLE, sources: { 'staff.team': source }, batchRecords: 1 });
    expect(report.reverted?.message).toMatch(/Not all rows could be reverted: those of staff\.team are still there/);
    expect(report.databases['staff.team']).toMatchObject({
      isUnfinished: true,
      failure: { message: expect.stringMatching(/a Person that is not of this run refers to team 1\. Delete it/) },
    });
    await place.execute('staff', 'delete from person');
    const warnings: string[] = [];
    const again = await load(records, { ...WHOLE, listener: { warned: (_, text) => warnings.push(text) } });
    expect(warnings).toEqual([expect.stringMatching(/was stopped while its rows were reverted/)]);
    expect(again.reverted?.message).toMatch(/All rows of this run have been reverted/);
    expect(await rowsIn(place)).toEqual([[], []]);
  });
});

describe('change events', () => {
  forEachEngineMigratedThoroughly('apart', (makePlace) => {
    const BOSTON = 'orders.boston';
    const catalog = regionalCatalog(BOSTON);
    const order = (id: number, userId: number, quantity = 1) => ({ id, userId, productId: 1, quantity });
    const load = (place: Place, orders: readonly unknown[], options: Partial<PopulateOptions> = {}) =>
      populateIn(place, {
        catalog,
        sources: {
          users: sourceOf([{ id: 1, name: 'Ann', email: 'ann@example.com' }]),
          products: sourceOf([{ id: 1, sku: 'S1', name: 'One', price: '1' }]),
          [BOSTON]: sourceOf(orders),
        },
        onConflict: 'update',
        ...options,
      });

    test('of a reverted run are never published', async () => {
      const place = await makePlace();
      await load(place, [order(1, 1)]);
      const runs = () => place.execute(BOSTON, 'select distinct run from outbox_event');
      const before = await place.rowsOf('orders', BOSTON);
      const [published] = await runs();
      await load(place, [order(1, 1, 5), order(2, 1), order(3, 9)], { allOrNothing: true });
      expect(await place.rowsOf('orders', BOSTON)).toEqual(before);
      // what an update had replaced is published as it was
      expect((await runs()).filter(({ run }) => run !== published?.['run'] && run !== null)).toEqual([]);
      const events = await place.execute(BOSTON, 'select aggregate_id, aggregate_version from outbox_event');
      expect(new Set(events.map((one) => `${one['aggregate_id']}/${one['aggregate_version']}`))).toEqual(
        new Set(['1/1']),
      );
    });
  });
});
