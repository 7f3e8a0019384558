/** Numbers of JSON that JavaScript does not have: other programs store them, and rows show them as they are stored. */
import { expect, test } from '@jest/globals';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import type { DatabaseDeclaration } from '../../src/database/declaration.ts';
import { changeEvents, newEvent } from '../../src/replication/index.ts';
import { withOutbox } from '../../src/replication/outbox/own-tables.ts';
import { forEachEngine } from '../support/engines.ts';
import { makeTables, serve } from '../support/served.ts';

@Entity({ tableName: 'places' })
class Place {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  id!: number;

  @Property({ type: 'json', nullable: true })
  notes!: unknown;
}

@Entity({ tableName: 'visits' })
class Visit {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  id!: number;

  @Property({ type: 'integer' })
  placeId!: number;

  @Property({ type: 'text', nullable: true })
  remark!: string | null;

  @Property({ type: 'json', nullable: true })
  details!: unknown;
}

const visitEvents = changeEvents<Visit>('visit', ({ id = 0, ...visit }, run) =>
  newEvent(
    { aggregate: 'visit', schemaVersion: 1 },
    { id, version: 1, type: 'changed', occurredAt: '2026-01-31T12:00:00.000Z', run },
    visit,
  ),
);

const places: DatabaseDeclaration = { name: 'places', entities: [{ name: 'place', entity: Place }] };
const visits = withOutbox({
  name: 'visits',
  entities: [
    {
      name: 'visit',
      entity: Visit,
      outboxMapping: visitEvents,
      references: { placeId: { database: 'places', entity: 'place' } },
    },
  ],
});

const PLACES = '/api/databases/places/place';
const VISITS = '/api/databases/visits/visit';

forEachEngine((makePlace) => {
  test('they have all their digits in related rows and in change events', async () => {
    const place = await makePlace();
    await makeTables(place, [places, visits]);
    const { server, ask } = await serve(place, [places, visits]);
    const text = '{"share":0.12345678901234567891,"serial":9007199254740993}';
    expect(await ask('POST', PLACES, { body: { id: 1 } })).toMatchObject({ status: 201 });
    expect(await ask('POST', VISITS, { body: { id: 2, placeId: 1 } })).toMatchObject({ status: 201 });
    await place.execute('places', `update places set notes = '${text}'`);
    await place.execute('visits', `update visits set details = '${text}'`);
    const plain = (answer: string) => answer.replaceAll(/(?<=[,:]) /g, '');
    for (const url of [VISITS, `${VISITS}/2`]) {
      const answer = await server.app.inject({ url: `${url}?expand=placeId`, headers: { host: 'localhost' } });
      expect(plain(answer.body)).toMatch(new RegExp(`"details":${text}.*"_related":.*"notes":${text}`));
    }
    await ask('PATCH', `${VISITS}/2`, { body: { remark: 'seen' } });
    const events = await place.execute('visits', 'select payload from outbox_event order by id');
    expect(events.map(({ payload }) => plain(String(payload)))).toEqual([
      '{"placeId":1}',
      expect.stringContaining(`"details":${text}`),
    ]);
  });
});
