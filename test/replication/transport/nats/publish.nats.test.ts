/** Messages that JetStream refuses, and messages in a stream that no relay has published. */
import { expect, test } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { natsTransport } from '../../../../src/replication/transport/nats/transport.ts';
import type { Batch, RemoteListener } from '../../../../src/replication/transport/transport.ts';
import { closeAfterTest, describeWithNats } from '../../../support/nats/available.ts';
import { type NatsServer, startNats } from '../../../support/nats/server.ts';
import { streamsOf } from '../../../support/nats/streams.ts';
import { batchOf, orderAt } from '../../../support/shipped.ts';
import { until } from '../../../support/until.ts';

describeWithNats('NATS', () => {
  async function open(server: NatsServer, listener: RemoteListener = {}) {
    const transport = await natsTransport({ settings: server.settings(), listener });
    closeAfterTest(() => transport.close());
    return transport;
  }

  async function client({ url }: NatsServer) {
    const nats = await connect({ servers: url.replace('nats://', '') });
    closeAfterTest(() => nats.close());
    return { nats, manager: await jetstreamManager(nats) };
  }

  const seqsOf = (batches: readonly Batch[]) => batches.flatMap(({ events }) => events.map(({ seq }) => seq));

  test('events in the middle of a batch that are stored already do not fail the batch', async () => {
    const server = await startNats();
    const transport = await open(server);
    const events = [1, 2, 3, 4, 5].map((seq) => orderAt(seq));
    await transport.publish(batchOf(events.slice(0, 3)));
    await transport.publish(batchOf([orderAt(9)]));
    await transport.publish(batchOf(events));
    expect((await streamsOf(server))[0]).toMatchObject({ messages: 6 });
    expect(await transport.stored('boston', 1)).toEqual({ firstSeq: 1, lastSeq: 5 });
    const got: Batch[] = [];
    await transport.consume(async (batch) => {
      got.push(batch);
    });
    await until('all have come', () => seqsOf(got).length === 6);
    expect(got.map(({ events }) => events.map(({ seq }) => seq))).toEqual([[1, 2, 3], [9], [4, 5]]);
  });

  test('an event that is larger than the server takes is reported, and the events before it are stored', async () => {
    const server = await startNats();
    const transport = await open(server);
    const large = orderAt(2, {}, {}, { note: 'x'.repeat(2_000_000) });
    await expect(transport.publish(batchOf([orderAt(1), large, orderAt(3)]))).rejects.toMatchObject({
      code: 'transport',
      message:
        'NATS: event 2 of boston is larger than the server takes, 1048576 bytes. Raise max_payload in its configuration; until then nothing more of boston gets through.',
    });
    await until('the first is stored', async () => (await streamsOf(server))[0]?.messages === 1);
  });

  test('messages that no relay has published are discarded, and reported', async () => {
    const server = await startNats();
    const discarded: string[] = [];
    const transport = await open(server, { discarded: (subject) => discarded.push(subject) });
    await transport.publish(batchOf([orderAt(1)]));
    const { nats } = await client(server);
    nats.publish('evt.boston.1.order.placed', 'hello');
    await nats.flush();
    await transport.publish(batchOf([orderAt(2)]));
    const got: Batch[] = [];
    await transport.consume(async (batch) => {
      got.push(batch);
    });
    await until('both have come', () => seqsOf(got).includes(2));
    await until('nothing is left', async () => (await streamsOf(server))[0]?.messages === 0);
    expect(seqsOf(got)).toEqual([1, 2]);
    expect(discarded).toEqual(['evt.boston.1.order.placed']);
  });

  test('a foreign stream that takes the subjects, or keeps them in another way, is reported', async () => {
    const server = await startNats();
    const transport = await open(server);
    const { manager } = await client(server);
    await manager.streams.add({ name: 'other', subjects: ['evt.>'] });
    await expect(transport.prepare('boston', 1)).rejects.toMatchObject({
      code: 'transport',
      message: expect.stringMatching(
        /^NATS: a stream that is not Meridian's takes evt\.boston\.1\.>\. Find it with nats/,
      ),
    });
    await manager.streams.delete('other');
    await manager.streams.add({ name: 'mine', subjects: ['evt.boston.1.>'] });
    await expect(transport.prepare('boston', 1)).rejects.toMatchObject({
      code: 'transport',
      message: expect.stringMatching(
        /^NATS: stream mine has retention limits instead of workqueue, which cannot be changed\./,
      ),
    });
    await expect(transport.publish(batchOf([orderAt(1)]))).rejects.toThrow('retention limits');
  });

  test('a stream that is deleted under a relay is reported, and made again by the next attempt', async () => {
    const server = await startNats();
    const transport = await open(server);
    await transport.publish(batchOf([orderAt(1)]));
    const { manager } = await client(server);
    const [before] = await streamsOf(server);
    await manager.streams.delete(before?.name ?? '');
    await expect(transport.publish(batchOf([orderAt(2)]))).rejects.toMatchObject({
      code: 'transport',
      message: `NATS: event 2 of boston was not stored: stream ${before?.name} is not there, or has no leader at the moment.`,
    });
    expect(await transport.stored('boston', 1)).toBeUndefined();
    await transport.publish(batchOf([orderAt(1), orderAt(2)]));
    const [after] = await streamsOf(server);
    expect(after?.name).not.toBe(before?.name);
    expect(await transport.stored('boston', 1)).toEqual({ firstSeq: 1, lastSeq: 2 });
  });

  test('a central that cannot read its position counts as away', async () => {
    const server = await startNats();
    const transport = await open(server);
    await expect(transport.position('boston')).rejects.toThrow('Central does not answer.');
    expect(await transport.isCentralThere()).toBe(false);
    await transport.answer(() => Promise.reject(new Error('central: the disk\nis full')));
    expect(await transport.isCentralThere()).toBe(true);
    await expect(transport.position('boston')).rejects.toThrow(
      'Central cannot report its position: central: the disk is full',
    );
  });
});
