/** What regions have not delivered, looked up in their own databases. */
import { writeFileSync } from 'node:fs';
import { afterEach, expect, test } from '@jest/globals';
import { Database } from '../../../../src/database/database.ts';
import { locate, urlVariable } from '../../../../src/database/location.ts';
import { migrateUp } from '../../../../src/database/migrate.ts';
import { OutboxEvent } from '../../../../src/replication/outbox/outbox-event.entity.ts';
import { RelayState } from '../../../../src/replication/relay/relay-state.entity.ts';
import { lookForBacklogs } from '../../../../src/shop/central/reports/region-backlog.ts';
import { regionDatabase } from '../../../../src/shop/regions/databases.ts';
import { withClocks } from '../../../support/clocks.ts';
import { fileOf } from '../../../support/databases.ts';
import { forEachEngineThoroughly, type Place, sqlitePlace } from '../../../support/engines.ts';
import { digestsOf } from '../../../support/files.ts';
import { makeFolder } from '../../../support/folder.ts';

const BOSTON = regionDatabase('boston');
const now = () => Date.parse('2010-12-01T09:00:00.000Z');

const opened: Database[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
});

const look = (place: Place, ...regions: string[]) =>
  withClocks({ now }, () =>
    lookForBacklogs(regions.map(regionDatabase), { location: (name) => place.options(name).location }),
  );

async function bostonIn(place: Place): Promise<Database> {
  const database = await Database.open(BOSTON, place.options(BOSTON.name));
  opened.push(database);
  await migrateUp(database);
  return database;
}

function event(number: number, more: Partial<OutboxEvent>): Record<string, unknown> {
  return {
    eventId: `event ${number}`,
    epoch: null,
    seq: null,
    type: 'placed',
    schemaVersion: 1,
    aggregate: 'order',
    aggregateId: number,
    aggregateVersion: 1,
    payload: '{}',
    occurredAt: `2010-12-01T08:0${number}:00.000Z`,
    run: null,
    ...more,
  };
}

forEachEngineThoroughly((makePlace) => {
  test('events that are not acknowledged, and since when', async () => {
    const place = await makePlace();
    const boston = await bostonIn(place);
    expect(await look(place, 'boston')).toEqual(new Map([['boston', { unshippedEvents: 0, lagSeconds: 0 }]]));

    await boston
      .bulk(OutboxEvent)
      .insertAll(boston.fork(), [
        event(1, { epoch: 1, seq: 1 }),
        event(2, { epoch: 2, seq: 1 }),
        event(3, { epoch: 2, seq: 2 }),
        event(4, { epoch: 2, seq: 3 }),
        event(5, {}),
        event(6, { run: 'a run' }),
      ]);
    await boston.fork().nativeUpdate(RelayState, { id: 1 }, { epoch: 2, nextSeq: 4, ackedSeq: 2 });
    expect(await look(place, 'boston')).toEqual(
      new Map([['boston', { unshippedEvents: 3, lagSeconds: (60 - 4) * 60 }]]),
    );
  });

  test('of a region whose clock is ahead, since no time', async () => {
    const place = await makePlace();
    const boston = await bostonIn(place);
    await boston.bulk(OutboxEvent).insertAll(boston.fork(), [event(1, { occurredAt: '2010-12-01T09:00:01.000Z' })]);
    expect(await look(place, 'boston')).toEqual(new Map([['boston', { unshippedEvents: 1, lagSeconds: 0 }]]));
  });

  test('a region whose database does not exist is missing', async () => {
    expect(await look(await makePlace(), 'boston')).toEqual(new Map([['boston', 'missing']]));
  });
});

test('reading creates nothing, and a database that cannot be read counts as unreachable', async () => {
  const folder = makeFolder();
  const place = sqlitePlace(folder);
  const denver = await Database.open(regionDatabase('denver'), place.options('orders.denver'));
  await denver.close();
  writeFileSync(fileOf(folder, 'orders.reno'), 'this is not a database, whatever its name says');
  const before = digestsOf(folder);
  expect(await look(place, 'boston', 'denver', 'reno')).toEqual(
    new Map([
      ['boston', 'missing'],
      ['denver', 'unreachable'],
      ['reno', 'unreachable'],
    ]),
  );
  expect(digestsOf(folder)).toEqual(before);
});

test('a server that does not answer', async () => {
  // no server listens there
  const url = 'postgresql://meridian@127.0.0.1:1/shop';
  const location = (name: string) => locate(name, { [urlVariable(name)]: url });
  expect(await lookForBacklogs([BOSTON], { location })).toEqual(new Map([['boston', 'unreachable']]));
});
