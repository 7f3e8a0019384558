/** Classes in one table over HTTP: each has its own rows, those of its subclasses among them, and the root has all. */
import { describe, expect, test } from '@jest/globals';
import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import type { DatabaseDeclaration } from '../../src/database/declaration.ts';
import { Device, InfusionPump, ward } from '../support/devices.ts';
import { apart, forEachEngineThoroughly } from '../support/engines.ts';
import { makeTables, type Served, serve } from '../support/served.ts';

@Entity({ tableName: 'alarms' })
class Alarm {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  id!: number;

  @Index()
  @Property({ type: 'integer', nullable: true })
  monitorId!: number | null;

  @Index()
  @Property({ type: 'integer', nullable: true })
  deviceId!: number | null;
}

const declared: readonly DatabaseDeclaration[] = [
  {
    ...ward,
    entities: [...ward.entities, { name: 'device', entity: Device }],
    others: [InfusionPump],
  },
  {
    name: 'alarms',
    entities: [
      {
        name: 'alarm',
        entity: Alarm,
        references: {
          monitorId: { database: 'ward', entity: 'monitor' },
          deviceId: { database: 'ward', entity: 'device' },
        },
      },
    ],
  },
];

const WARD = '/api/databases/ward';
const ALARMS = '/api/databases/alarms/alarm';

describe('classes in one table', () => {
  forEachEngineThoroughly((makePlace) => {
    async function devices(): Promise<Served> {
      const place = apart(await makePlace());
      await makeTables(place, declared);
      const served = await serve(place, declared);
      const create = (entity: string, body: object) => served.ask('POST', `${WARD}/${entity}`, { body });
      expect(await create('pump', { id: 1, serial: 'A1', flow: 3 })).toMatchObject({
        status: 201,
        body: { id: 1, kind: 'pump', serial: 'A1', flow: 3 },
      });
      expect(await create('pump', { id: 2, serial: 'A2', kind: 'infusion-pump' })).toMatchObject({ status: 201 });
      expect(await create('monitor', { id: 3, serial: 'A3', channels: 2 })).toMatchObject({ status: 201 });
      return served;
    }

    test('a list, its total and its filters have the rows of the class', async () => {
      const { ask } = await devices();
      const ids = async (path: string) => {
        const { body } = await ask('GET', `${WARD}/${path}`);
        return [body.rows.map(({ id }) => id), (body as unknown as { total: number }).total];
      };
      expect(await ids('pump?total=true')).toEqual([[1, 2], 2]);
      expect(await ids('monitor?total=true')).toEqual([[3], 1]);
      expect(await ids('device?total=true')).toEqual([[1, 2, 3], 3]);
      expect(await ids('monitor?total=true&filter.serial.prefix=A')).toEqual([[3], 1]);
      expect(await ids('pump?total=true&filter.serial=A3')).toEqual([[], 0]);
      expect(await ids('pump?total=true&filter.id.gte=2&sort=-serial')).toEqual([[2], 1]);
    });

    test('a row of another class is not there', async () => {
      const { ask } = await devices();
      const one = `${WARD}/monitor/1`;
      expect(await ask('GET', one)).toMatchObject({ status: 404 });
      expect(await ask('PATCH', one, { body: { channels: 1 } })).toMatchObject({ status: 404 });
      expect(await ask('DELETE', one)).toMatchObject({ status: 404 });
      expect(await ask('GET', `${WARD}/pump/2`)).toMatchObject({ status: 200, body: { kind: 'infusion-pump' } });
      expect(await ask('GET', `${WARD}/device/1`)).toMatchObject({ status: 200, body: { kind: 'pump' } });
    });

    test('its key is taken', async () => {
      const { ask } = await devices();
      const before = await ask('GET', `${WARD}/device/1`);
      const errors = [
        { property: 'id', code: 'conflict', message: 'Monitor 1 already exists with another kind, channels' },
      ];
      const body = { serial: 'A1', channels: 4 };
      expect(await ask('POST', `${WARD}/monitor`, { body: { id: 1, ...body } })).toMatchObject({
        status: 409,
        body: { errors },
      });
      expect(await ask('PUT', `${WARD}/monitor/1`, { body })).toMatchObject({ status: 409, body: { errors } });
      expect((await ask('GET', `${WARD}/device/1`)).body).toEqual(before.body);
    });

    test('a record makes no row of another class', async () => {
      const { ask } = await devices();
      const errors = [{ property: 'kind', message: 'kind must be monitor, but is "pump"' }];
      expect(await ask('POST', `${WARD}/monitor`, { body: { id: 4, kind: 'pump' } })).toMatchObject({
        status: 422,
        body: { errors },
      });
      expect(await ask('PATCH', `${WARD}/monitor/3`, { body: { kind: 'pump' } })).toMatchObject({
        status: 422,
        body: { errors },
      });
      expect(await ask('PATCH', `${WARD}/monitor/3`, { body: { channels: 8 } })).toMatchObject({
        status: 200,
        body: { kind: 'monitor', channels: 8 },
      });
      const api = (await ask('GET', '/openapi.json')).body.paths;
      const kindOf = (entity: string) =>
        JSON.stringify(api[`${WARD}/${entity}`]?.['post']?.['requestBody']).match(/"kind":(\{.*?\})\]?\}/)?.[1];
      expect(kindOf('monitor')).toContain('["monitor"]');
      expect(kindOf('pump')).toContain('["pump","infusion-pump"]');
    });

    test('references lead to rows of their class', async () => {
      const { ask } = await devices();
      const create = (body: object) => ask('POST', ALARMS, { body });
      expect(await create({ id: 1, monitorId: 1 })).toMatchObject({
        status: 422,
        body: { errors: [{ property: 'monitorId', code: 'reference', message: 'Monitor 1 does not exist' }] },
      });
      expect(await create({ id: 1, monitorId: 3, deviceId: 1 })).toMatchObject({ status: 201 });
      expect((await ask('GET', `${ALARMS}?expand=monitorId,deviceId`)).body.rows).toMatchObject([
        { id: 1, _related: { monitorId: { id: 3, channels: 2 }, deviceId: { id: 1, kind: 'pump' } } },
      ]);
      expect(await ask('POST', `${WARD}/reading`, { body: { id: 1, monitor: 1 } })).toMatchObject({
        status: 422,
        body: { errors: [{ property: 'monitor', code: 'reference' }] },
      });
    });

    test('a row that is referred to is not deleted, by whichever of its classes', async () => {
      const { ask } = await devices();
      await ask('POST', ALARMS, { body: { id: 1, monitorId: 3, deviceId: 1 } });
      await ask('POST', `${WARD}/reading`, { body: { id: 7, monitor: 3 } });
      expect(await ask('DELETE', `${WARD}/pump/1`)).toMatchObject({
        status: 409,
        body: { errors: [{ property: 'alarms.alarm.deviceId' }] },
      });
      for (const entity of ['monitor', 'device']) {
        expect((await ask('DELETE', `${WARD}/${entity}/3`)).body.errors).toMatchObject([
          { property: 'ward.reading.monitor', message: 'monitor of reading 7 in ward refers to it' },
          { property: 'alarms.alarm.monitorId' },
        ]);
      }
      await ask('PATCH', `${WARD}/reading/7`, { body: { source: 2 } });
      expect((await ask('DELETE', `${WARD}/pump/2`)).body.errors).toMatchObject([
        { property: 'ward.reading.source', message: 'source of reading 7 in ward refers to it' },
      ]);
      await ask('PATCH', `${WARD}/reading/7`, { body: { source: null } });
      expect(await ask('DELETE', `${WARD}/device/2`)).toMatchObject({ status: 204 });
    });
  });
});
