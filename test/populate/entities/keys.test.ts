/** Primary keys of any type, and references to them: exact, and compared as their type compares. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { BigIntType, defineEntity, type EntityName, p } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Database } from '../../../src/database/database.ts';
import { withOneEntity } from '../../../src/database/declaration.ts';
import { withLoads } from '../../../src/loads/own-tables.ts';
import { forEachEngineThoroughly } from '../../support/engines.ts';
import { ownEntity } from '../../support/own-entity.ts';
import { loaded, outcome } from './outcome.ts';

@Entity({ tableName: 'shipments' })
class Shipment {
  @PrimaryKey({ type: 'bigint', autoincrement: false })
  id!: bigint;

  @Property({ type: 'bigint', nullable: true, unique: true })
  tracking!: bigint | null;

  @Property({ type: new BigIntType('string'), nullable: true })
  seal!: string | null;

  @Property({ type: new BigIntType('number'), nullable: true })
  weight!: number | null;
}

@Entity({ tableName: 'sealed' })
class Sealed {
  @PrimaryKey({ type: new BigIntType('string'), autoincrement: false })
  id!: string;
}

@Entity({ tableName: 'counted' })
class Counted {
  @PrimaryKey({ type: new BigIntType('number'), autoincrement: false })
  id!: number;
}

const Device: EntityName<object> = defineEntity({
  name: 'Device',
  tableName: 'devices',
  properties: { id: p.uuid().primary(), name: p.text(), twin: p.uuid().nullable().unique() },
}) as never;

const BEYOND = '9007199254740993';
const GREATEST = '9223372036854775807';

forEachEngineThoroughly((makePlace) => {
  test('bigints are exact beyond 2^53', async () => {
    const { place, load } = await ownEntity(await makePlace(), { name: 'shipments', entity: Shipment });
    const records = [
      { id: '1', tracking: BEYOND, seal: BEYOND, weight: '5' },
      { id: BEYOND, tracking: '9007199254740992', seal: '007' },
      { id: GREATEST },
      { id: `-${GREATEST}` },
      { id: '9007199254740992' },
    ];
    expect(outcome((await load(records)).databases['shipments'])).toEqual(loaded(5, 0, 0));
    expect(
      await place.execute('shipments', 'select cast(id as text) as id from shipments order by shipments.id'),
    ).toEqual([`-${GREATEST}`, '1', '9007199254740992', BEYOND, GREATEST].map((id) => ({ id })));
    const again = (await load(records, { onConflict: 'update' })).databases['shipments'];
    expect(outcome(again)).toEqual(loaded(0, 0, 5));
    expect(again?.details?.map(({ id }) => id)).toEqual(records.map(({ id }) => id));
    expect(() => JSON.stringify(again)).not.toThrow();
    const changed = [
      { id: BEYOND, tracking: '1' },
      { id: GREATEST, seal: '9007199254740995' },
    ];
    expect(outcome((await load(changed, { onConflict: 'update' })).databases['shipments'])).toEqual(loaded(0, 2, 0));
    expect(
      await place.execute('shipments', `select cast(seal as text) as seal from shipments where id = ${GREATEST}`),
    ).toEqual([{ seal: '9007199254740995' }]);
    expect(outcome((await load(changed)).databases['shipments'])).toEqual(loaded(0, 0, 2));
  });

  test('a bigint that is rejected is named exactly', async () => {
    const place = await makePlace();
    const { load } = await ownEntity(place, { name: 'shipments', entity: Shipment });
    await load([{ id: BEYOND, tracking: '5' }]);
    const report = await load([
      { id: BEYOND, tracking: '6' },
      { id: '2', tracking: '5' },
      { id: '9223372036854775808' },
      { id: '2.5' },
      { id: '3', tracking: BEYOND },
      { id: '3', tracking: BEYOND },
    ]);
    expect(outcome(report.databases['shipments'])).toEqual(
      loaded(
        1,
        0,
        0,
        `Shipment ${BEYOND} already exists with another tracking`,
        `Tracking 5 belongs to shipment ${BEYOND}`,
        'id must be a whole number from -9223372036854775808 to 9223372036854775807, but is "9223372036854775808"',
        'id is not a whole number, but "2.5"',
        'Id 3 occurs earlier in this source',
      ),
    );
    expect(JSON.stringify(report)).toContain(BEYOND);
    const [file = ''] = readdirSync(join(place.folder, 'rejects'));
    expect(readFileSync(join(place.folder, 'rejects', file), 'utf8')).toContain(`"record":{"id":"${BEYOND}"`);
  });

  test.each([
    ['string', Sealed],
    ['number', Counted],
  ])('a bigint in the mode %s', async (_, entity) => {
    const { load } = await ownEntity(await makePlace(), { name: 'keys', entity });
    const records = [{ id: 1 }, { id: '9007199254740991' }, { id: '0012' }];
    expect(outcome((await load(records)).databases['keys'])).toEqual(loaded(3, 0, 0));
    expect(outcome((await load(records)).databases['keys'])).toEqual(loaded(0, 0, 3));
  });

  test('uuids are the same in upper and lower case', async () => {
    const { place, load } = await ownEntity(await makePlace(), { name: 'devices', entity: Device });
    const id = '6f9619ff-8b86-d011-b42d-00c04fc964ff';
    expect(outcome((await load([{ id: id.toUpperCase(), name: 'One' }])).databases['devices'])).toEqual(
      loaded(1, 0, 0),
    );
    const records = [
      { id: `{${id}}`, name: 'One', twin: '' },
      { id: '6f9619ff8b86d011b42d00c04fc96400', name: 'Two', twin: id.toUpperCase() },
      { id: '6f9619ff8b86d011b42d00c04fc96401', name: 'Three', twin: id },
      { id: '6F9619FF-8B86-D011-B42D-00C04FC96400', name: 'Two' },
    ];
    expect(outcome((await load(records)).databases['devices'])).toEqual(
      loaded(
        1,
        0,
        1,
        `Twin ${id} belongs to device 6f9619ff-8b86-d011-b42d-00c04fc96400`,
        'Id 6f9619ff-8b86-d011-b42d-00c04fc96400 occurs earlier in this source',
      ),
    );
    expect((await place.rowsOf('devices')).map((row) => (row as { id: unknown }).id)).toEqual([
      '6f9619ff-8b86-d011-b42d-00c04fc96400',
      id,
    ]);
  });

  test('a row that another program wrote in upper case is found', async () => {
    const { place, load, options } = await ownEntity(await makePlace(), { name: 'devices', entity: Device });
    await load([{ id: '6f9619ff-8b86-d011-b42d-00c04fc964ff', name: 'One' }]);
    await place.execute('devices', 'delete from devices');
    await place.execute(
      'devices',
      "insert into devices (id, name) values ('6F9619FF-8B86-D011-B42D-00C04FC964FF', 'One')",
    );
    const records = [{ id: '6f9619ff-8b86-d011-b42d-00c04fc964ff', name: 'One' }];
    expect(outcome((await load(records)).databases['devices'])).toEqual(loaded(0, 0, 1));
    const renamed = [{ id: '6f9619ff-8b86-d011-b42d-00c04fc964ff', name: 'First' }];
    expect(outcome((await load(renamed, { onConflict: 'update' })).databases['devices'])).toEqual(loaded(0, 1, 0));
    const database = await Database.open(withLoads(withOneEntity({ name: 'devices', entity: Device })), options);
    try {
      const missing = await database
        .bulk(Device)
        .missing(database.fork(), ['6f9619ff-8b86-d011-b42d-00c04fc964ff', '6F9619FF-8B86-D011-B42D-00C04FC96400']);
      expect(missing).toEqual(['6F9619FF-8B86-D011-B42D-00C04FC96400']);
      await database.bulk(Device).deleteByPrimaryKey(database.fork(), [records[0]?.id]);
      expect(await place.rowsOf('devices')).toEqual([]);
    } finally {
      await database.close();
    }
  });
});
