/** Regions and central with a real NATS in between: relays and central that run on, orders that are placed meanwhile. */
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from '@jest/globals';
import type { Database } from '../../../src/database/database.ts';
import { positionOf } from '../../../src/replication/inbox/cursor.ts';
import { readRelay } from '../../../src/replication/relay/relay-row.ts';
import type { RelayOptions } from '../../../src/replication/relay/settings.ts';
import type { NatsSettings } from '../../../src/replication/transport/nats/settings.ts';
import { natsTransport } from '../../../src/replication/transport/nats/transport.ts';
import type { Batch, BatchHandler, RemoteTransport } from '../../../src/replication/transport/transport.ts';
import { applyBatch } from '../../../src/shop/central/apply.ts';
import { effectsIn, watchEffects } from '../effects.ts';
import type { EngineName, Place } from '../engines.ts';
import { openCentral, openRegion, regionalPlace, relayOf, writeOrders } from '../regional.ts';
import { expectEqual } from '../sync-scene.ts';
import { until } from '../until.ts';
import { closeAfterTest } from './available.ts';

export interface Running {
  readonly transport: RemoteTransport;
  /** As SIGTERM does. */
  stop(): Promise<void>;
}

export interface NatsScene {
  readonly place: Place;
  readonly boston: Database;
  readonly central: Database;
  /** Batches as central got them, whatever became of them. */
  readonly got: Batch[];
  /** What relays have said. */
  readonly notices: string[];
  readonly failures: string[];
}

export async function natsScene(engine: EngineName): Promise<NatsScene> {
  const place = await regionalPlace(engine);
  const [boston, central] = [await openRegion(place), await openCentral(place)];
  await watchEffects(place);
  return { place, boston, central, got: [], notices: [], failures: [] };
}

/** A relay as `meridian relay run` has it, but in this process and in a hurry. */
export async function startRelay(
  scene: NatsScene,
  settings: NatsSettings,
  { database = scene.boston, ...options }: Partial<RelayOptions> = {},
): Promise<Running> {
  const transport = await natsTransport({ settings, name: `relay of ${database.name}` });
  const end = new AbortController();
  const relay = relayOf(database, transport, {
    signal: end.signal,
    listener: {
      info: (sentence) => scene.notices.push(sentence),
      failed: ({ message }) => scene.failures.push(message),
    },
    ...options,
    settings: { confirmSeconds: 0.05, reconcileSeconds: 0.5, maxBackOffMilliseconds: 100, ...options.settings },
  });
  const running = relay.run();
  return toRunning(transport, async () => {
    end.abort();
    await running;
  });
}

/** Central as `meridian central run` has it, but in this process. */
export async function startCentral(
  scene: NatsScene,
  settings: NatsSettings,
  apply: BatchHandler = (batch) => applyBatch(scene.central, batch),
): Promise<Running> {
  const transport = await natsTransport({ settings, name: 'central' });
  await transport.answer((region) => positionOf(scene.central, region));
  await transport.consume(async (batch) => {
    scene.got.push(batch);
    await apply(batch);
  });
  return toRunning(transport, async () => undefined);
}

function toRunning(transport: RemoteTransport, end: () => Promise<void>): Running {
  let isStopped = false;
  const stop = async () => {
    if (!isStopped) {
      isStopped = true;
      await end();
      await transport.close();
    }
  };
  closeAfterTest(stop);
  return { transport, stop };
}

export interface Trade {
  /** Orders that are placed by now. */
  readonly placed: number;
  /** Waits until so many more are placed. */
  goOn(orders: number): Promise<void>;
  /** Stops placing orders. */
  stop(): Promise<void>;
}

/** Places one order after the other, with the ids from `firstId` on. */
export function trade(database: Database, firstId = 1): Trade {
  let placed = 0;
  let isOver = false;
  const trading = (async () => {
    while (!isOver) {
      await writeOrders(database, { id: firstId + placed });
      placed++;
      // so that whatever else is in this process gets its turn
      await pause(2);
    }
  })();
  const stop = async () => {
    isOver = true;
    await trading;
  };
  closeAfterTest(stop);
  return {
    get placed() {
      return placed;
    },
    async goOn(orders) {
      const goal = placed + orders;
      await until(`${orders} more orders are placed`, () => placed >= goal);
    },
    stop,
  };
}

/** Waits until central has all that a region has published, and the region knows. */
export async function untilArrived({ central }: NatsScene, database: Database, region = 'boston'): Promise<void> {
  await until(`all of ${region} has arrived`, async () => {
    // events without a sequence number first: once they get one, the other query finds them
    const open = await database.fork().execute('select 1 from outbox_event where seq is null limit 1');
    const [row, position] = [await readRelay(database, database.fork()), await positionOf(central, region)];
    const isThere = position?.epoch === row.epoch && position.seq === row.nextSeq - 1;
    return open.length === 0 && row.snapshot === null && isThere && row.ackedSeq === position.seq;
  });
}

/** Equal, nothing lost, and nothing written twice. */
export async function expectEach(scene: NatsScene): Promise<void> {
  await expectEqual(scene as never);
  const written = (await effectsIn(scene.place)).map(({ what, region, id, epoch, version }) =>
    [what, region, id, epoch, version].join(' '),
  );
  expect(written).toHaveLength(new Set(written).size);
  expect(await scene.place.execute('central', 'select error from dead_letter')).toEqual([]);
}
