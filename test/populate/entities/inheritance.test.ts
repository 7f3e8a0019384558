/** Inheritance in one table: a file of a class needs no discriminator, and makes no row of another class. */
import { expect, test } from '@jest/globals';
import { Entity, Enum, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { forEachEngineThoroughly } from '../../support/engines.ts';
import { ownDatabase } from '../../support/own-database.ts';
import { loaded, outcome } from './outcome.ts';

@Entity({ tableName: 'devices', discriminatorColumn: 'kind', abstract: true })
abstract class Device {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  id!: number;

  @Enum({ items: ['pump', 'infusion-pump', 'monitor'] })
  kind!: string;

  @Property({ type: 'text' })
  serial!: string;
}

@Entity({ discriminatorValue: 'pump' })
class Pump extends Device {
  @Property({ type: 'integer', nullable: true })
  flow!: number | null;
}

@Entity({ discriminatorValue: 'infusion-pump' })
class InfusionPump extends Pump {}

@Entity({ discriminatorValue: 'monitor' })
class Monitor extends Device {
  @Property({ type: 'integer', nullable: true })
  channels!: number | null;
}

const entities = [
  { name: 'pump', entity: Pump },
  { name: 'monitor', entity: Monitor },
];

forEachEngineThoroughly((makePlace) => {
  test('a record gets the discriminator of its entity, and none of another one', async () => {
    const { place, load } = await ownDatabase(await makePlace(), {
      name: 'ward',
      entities,
      others: [Device, InfusionPump],
    });
    const records = {
      pump: [
        { id: 1, serial: 'A', flow: 3 },
        { id: 2, serial: 'B', kind: '' },
        { id: 3, serial: 'C', kind: 'infusion-pump' },
        { id: 4, serial: 'D', kind: 'monitor' },
        { id: 5, serial: 'E', kind: 'lamp' },
      ],
      monitor: [
        { id: 6, serial: 'F', channels: 2 },
        { id: 7, serial: 'G', kind: 'pump' },
        { id: 1, serial: 'A', channels: 2 },
      ],
    };
    const first = (await load(records)).databases;
    const notPump = 'kind must be one of pump, infusion-pump';
    expect(outcome(first['ward.pump'])).toEqual(loaded(3, 0, 0, notPump));
    expect(first['ward.pump']?.rejected).toBe(2);
    const taken = 'Monitor 1 is already there with another kind, channels';
    expect(outcome(first['ward.monitor'])).toEqual(loaded(1, 0, 0, 'kind must be monitor', taken));
    const rows = (await place.rowsOf('devices', 'ward')) as { id: number; kind: string }[];
    expect(rows.map(({ id, kind }) => [id, kind])).toEqual([
      [1, 'pump'],
      [2, 'pump'],
      [3, 'infusion-pump'],
      [6, 'monitor'],
    ]);
    const again = (await load(records, { onConflict: 'update' })).databases;
    expect(again['ward.pump']).toMatchObject({ unchanged: 3, rejected: 2 });
  });
});
