/** Inheritance in one table: a file of a class needs no discriminator, and makes no row of another class. */
import { expect, test } from '@jest/globals';
import { ward } from '../../support/devices.ts';
import { forEachEngineThoroughly } from '../../support/engines.ts';
import { plant } from '../../support/machines.ts';
import { ownDatabase } from '../../support/own-database.ts';
import { loaded, outcome } from './outcome.ts';

forEachEngineThoroughly((makePlace) => {
  test('a record gets the discriminator of its entity, and none of another one', async () => {
    const { place, load } = await ownDatabase(await makePlace(), ward);
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
    const notPump = 'kind must be one of pump, infusion-pump, but is "monitor"';
    expect(outcome(first['ward.pump'])).toEqual(loaded(3, 0, 0, notPump));
    expect(first['ward.pump']?.rejected).toBe(2);
    const taken = 'Monitor 1 already exists with another kind, channels';
    expect(outcome(first['ward.monitor'])).toEqual(loaded(1, 0, 0, 'kind must be monitor, but is "pump"', taken));
    const rows = (await place.rowsOf('devices', 'ward')) as { id: number; kind: string }[];
    expect(rows.map(({ id, kind }) => [id, kind])).toEqual([
      [1, 'pump'],
      [2, 'pump'],
      [3, 'infusion-pump'],
      [6, 'monitor'],
    ]);
    const again = (await load(records, { onConflict: 'update' })).databases;
    expect(again['ward.pump']).toMatchObject({ unchanged: 3, rejected: 2 });
    expect(outcome(again['ward.monitor'])).toEqual(loaded(0, 0, 1, 'kind must be monitor, but is "pump"', taken));
    expect(await place.rowsOf('devices', 'ward')).toEqual(rows);
  });

  test('a relation leads to rows of its class, whether they are loaded before or with it', async () => {
    const { load } = await ownDatabase(await makePlace(), ward);
    const reading = [
      { id: 1, monitor: 6, source: 1 },
      { id: 2, monitor: 1, source: 6 },
      { id: 3, monitor: 9, source: 6 },
      { id: 4, monitor: 6, source: 9 },
      { id: 5, monitor: 6, source: 6 },
    ];
    const absent = ['Monitor 1 does not exist', 'Device 9 does not exist'];
    const devices = { pump: [{ id: 1 }], monitor: [{ id: 6 }] };
    const first = (await load({ ...devices, reading })).databases;
    expect(outcome(first['ward.reading'])).toEqual(loaded(2, 0, 0, ...absent));
    const again = (await load({ reading })).databases;
    expect(outcome(again['ward.reading'])).toEqual(loaded(0, 0, 2, ...absent));
  });

  test('a record that refers to a reverted one is reverted with it, whether it is in the file of its class or of the base class', async () => {
    const { place, load } = await ownDatabase(await makePlace(), plant);
    const { databases } = await load({
      owner: [{ id: 1 }],
      station: [
        { id: 1, ownerId: 1 },
        { id: 2, ownerId: 9 },
        { id: 3, ownerId: 9 },
        { id: 4, ownerId: 9 },
      ],
      robot: [
        { id: 1, station: 1 },
        { id: 2, station: 2 },
      ],
      machine: [
        { id: 3, station: 1 },
        { id: 4, station: 3, kind: 'robot' },
        { id: 5, station: 4 },
      ],
    });
    expect(outcome(databases['plant.station'])).toEqual(loaded(1, 0, 0, 'Owner 9 does not exist'));
    expect(outcome(databases['plant.robot'])).toEqual(loaded(1, 0, 0, 'Station 2 does not exist'));
    expect(outcome(databases['plant.machine'])).toEqual(loaded(1, 0, 0, 'Station 3 does not exist'));
    expect(databases['plant.machine']?.rejected).toBe(2);
    expect(await place.rowsOf('stations', 'plant')).toMatchObject([{ id: 1 }]);
    expect(await place.rowsOf('machines', 'plant')).toMatchObject([{ id: 1 }, { id: 3 }]);
  });

  test('every class that a relation may lead to is loaded before the records that refer to it', async () => {
    const byName = Object.fromEntries(ward.entities.map((one) => [one.name, one]));
    const entities = ['pump', 'reading', 'monitor'].flatMap((name) => byName[name] ?? []);
    const { load } = await ownDatabase(await makePlace(), { ...ward, entities });
    const { databases } = await load({
      pump: [{ id: 1 }],
      monitor: [{ id: 6 }],
      reading: [{ id: 1, monitor: 6, source: 1 }],
    });
    expect(outcome(databases['ward.reading'])).toEqual(loaded(1, 0, 0));
  });
});
