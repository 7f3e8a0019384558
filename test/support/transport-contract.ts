/** What every transport keeps to, whatever is in between. */
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Batch, Position, Transport } from '../../src/replication/transport/transport.ts';
import { batchOf, orderAt } from './shipped.ts';
import { until } from './until.ts';

export interface TransportUnderTest {
  readonly transport: Transport;
  /** What central says of a region from now on. */
  setPosition(region: string, position: Position | undefined): void;
}

export function describeTransport(name: string, make: () => Promise<TransportUnderTest>): void {
  describe(name, () => {
    const made: Transport[] = [];

    afterEach(async () => {
      for (const transport of made.splice(0)) {
        await transport.close();
      }
    });

    async function open(): Promise<TransportUnderTest> {
      const all = await make();
      made.push(all.transport);
      return all;
    }

    const batchAt = (seq: number, region = 'boston', epoch = 1): Batch => batchOf([orderAt(seq)], { region, epoch });
    const seen = (batches: readonly Batch[], region = 'boston') =>
      batches.filter((batch) => batch.region === region).flatMap(({ events }) => events.map(({ seq }) => seq));

    test('hands over a batch as it was', async () => {
      const { transport } = await open();
      const batches: Batch[] = [];
      await transport.consume(async (batch) => {
        batches.push(batch);
      });
      const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
      const batch = batchOf(
        [orderAt(3, { country: 'Îles “Åland” \u{1F6A2}', quantity: 7 }), orderAt(4, {}, { traceparent })],
        {
          region: 'new-york',
          epoch: 12,
          headSeq: 99,
          base: { epoch: 11, seq: 70, headSeq: 80 },
        },
      );
      await transport.publish(batch);
      await until('it has come', () => batches.length > 0);
      expect(batches[0]).toEqual(batch);
    });

    test('keeps the order of the batches of each region, while regions do not wait for each other', async () => {
      const { transport } = await open();
      const batches: Batch[] = [];
      let letGo: () => void = () => undefined;
      const held = new Promise<void>((resolve) => {
        letGo = resolve;
      });
      await transport.consume(async (batch) => {
        if (batch.region === 'boston') {
          await held;
        }
        batches.push(batch);
      });
      const publishAll = async (region: string) => {
        for (let seq = 1; seq <= 5; seq++) {
          await transport.publish(batchAt(seq, region));
        }
      };
      const slow = publishAll('boston');
      await publishAll('denver');
      await until('the quick region is through', () => seen(batches, 'denver').length >= 5);
      expect(seen(batches, 'boston')).toEqual([]);
      letGo();
      await slow;
      await until('the slow region is through', () => seen(batches, 'boston').length >= 5);
      expect([...new Set(seen(batches, 'boston'))]).toEqual([1, 2, 3, 4, 5]);
      expect([...new Set(seen(batches, 'denver'))]).toEqual([1, 2, 3, 4, 5]);
    });

    test('what could not be dealt with comes again, before what comes after it', async () => {
      const { transport } = await open();
      const dealtWith: Batch[] = [];
      let failures = 0;
      await transport.consume(async (batch) => {
        if (failures < 2) {
          failures++;
          throw new Error('central is down');
        }
        dealtWith.push(batch);
      });
      for (const seq of [1, 2]) {
        // until it is acknowledged it is the region's to publish again
        for (;;) {
          try {
            await transport.publish(batchAt(seq));
            break;
          } catch (error) {
            expect((error as Error).message).toContain('central is down');
          }
        }
      }
      await until('both are dealt with', () => seen(dealtWith).includes(2));
      expect([...new Set(seen(dealtWith))]).toEqual([1, 2]);
      expect(failures).toBe(2);
    });

    test('one that acknowledges what was applied does so afterwards, and reports a failure', async () => {
      const { transport } = await open();
      if (!transport.acknowledgesApplied) {
        return;
      }
      let state = 'untouched';
      await transport.consume(async ({ events }) => {
        state = 'under way';
        await new Promise(setImmediate);
        if (events[0]?.seq === 2) {
          throw new Error('the second is bad');
        }
        state = 'done';
      });
      await transport.publish(batchAt(1));
      expect(state).toBe('done');
      await expect(transport.publish(batchAt(2))).rejects.toThrow('the second is bad');
      expect(state).toBe('under way');
    });

    test('one that stores events keeps them until they have been dealt with', async () => {
      const { transport } = await open();
      if (transport.stored === undefined) {
        return;
      }
      const [begun, end] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      await transport.consume(async () => {
        begun.resolve();
        await end.promise;
      });
      await transport.publish(batchAt(1));
      await begun.promise;
      try {
        for (let question = 0; question < 5; question++) {
          expect(await transport.stored('boston', 1)).toMatchObject({ firstSeq: 1 });
        }
      } finally {
        end.resolve();
      }
      await until('it is dealt with', async () => (await transport.stored?.('boston', 1)) === 'empty');
    });

    test('reports the position of central as it is then', async () => {
      const { transport, setPosition } = await open();
      expect(await transport.position('boston')).toBeUndefined();
      const position = { epoch: 2, seq: 7, headSeq: 9, eventId: 'seven' };
      setPosition('boston', position);
      expect(await transport.position('boston')).toEqual(position);
      expect(await transport.position('denver')).toBeUndefined();
      setPosition('boston', { ...position, seq: 0, eventId: null });
      expect(await transport.position('boston')).toEqual({ ...position, seq: 0, eventId: null });
      const troubled: Position = {
        ...position,
        conflictSeq: 5,
        lacksBase: true,
        documents: { epoch: 3, seq: 1, eventId: 'one', isForeign: true },
      };
      setPosition('boston', troubled);
      expect(await transport.position('boston')).toEqual(troubled);
    });

    test('hands nothing over when it is closed, and closes twice', async () => {
      const { transport } = await open();
      const batches: Batch[] = [];
      await transport.consume(async (batch) => {
        batches.push(batch);
      });
      await transport.close();
      await transport.close();
      await expect(transport.publish(batchAt(1))).rejects.toMatchObject({ code: 'transport' });
      expect(batches).toEqual([]);
    });
  });
}
