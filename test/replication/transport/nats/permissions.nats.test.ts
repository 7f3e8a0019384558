/** Users of NATS with limited permissions: those of the example suffice, and a refusal is reported with its reason. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { AckPolicy, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { natsTransport } from '../../../../src/replication/transport/nats/transport.ts';
import type { Batch, RemoteTransport } from '../../../../src/replication/transport/transport.ts';
import { projectRoot } from '../../../../src/shared/project.ts';
import { closeAfterTest, describeWithNats } from '../../../support/nats/available.ts';
import { type NatsServer, startNats } from '../../../support/nats/server.ts';
import { withManager } from '../../../support/nats/streams.ts';
import { batchOf, orderAt } from '../../../support/shipped.ts';
import { until } from '../../../support/until.ts';

const EXAMPLE = readFileSync(join(projectRoot, 'docs', 'examples', 'nats-users.conf'), 'utf8');

describeWithNats('NATS', () => {
  const startExample = (change = (config: string) => config) =>
    startNats({ config: change(EXAMPLE.replace(/\$(RELAY_BOSTON|CENTRAL)_PASSWORD/g, 'secret')) });

  async function connected(
    server: NatsServer,
    user: string,
  ): Promise<{ transport: RemoteTransport; reported: string[] }> {
    const reported: string[] = [];
    const transport = await natsTransport({
      settings: server.settings({ NATS_USER: user, NATS_PASSWORD: 'secret' }),
      listener: {
        permissionDenied: (sentence) => reported.push(sentence),
        failed: (region, { message }) => reported.push(`${region}: ${message}`),
        recovered: (region) => reported.push(`${region}: recovered`),
      },
    });
    closeAfterTest(() => transport.close());
    return { transport, reported };
  }

  test('a relay and central do their work as the users of the example', async () => {
    const server = await startExample();
    const relay = await connected(server, 'relay-boston');
    const central = await connected(server, 'central');
    expect(await central.transport.isCentralThere()).toBe(false);
    const got: Batch[] = [];
    await central.transport.answer(async () => ({ epoch: 1, seq: 0, headSeq: 1, eventId: null }));
    await central.transport.consume(async (batch) => {
      got.push(batch);
    });
    await relay.transport.prepare('boston', 1);
    await relay.transport.publish(batchOf([orderAt(1), orderAt(2)]));
    await until('it has come', () => got.flatMap(({ events }) => events).length === 2);
    await until('it is acknowledged', async () => (await relay.transport.stored('boston', 1)) === 'empty');
    expect(await relay.transport.position('boston')).toMatchObject({ epoch: 1, seq: 0 });
    expect(await relay.transport.isCentralThere()).toBe(true);
    expect([relay.reported, central.reported]).toEqual([[], []]);
  });

  test('a relay cannot publish for another region, and fails at once', async () => {
    const server = await startExample();
    const { transport, reported } = await connected(server, 'relay-boston');
    const central = await connected(server, 'central');
    await central.transport.answer(async () => undefined);
    const publishing = transport.publish({ ...batchOf([orderAt(1)]), region: 'denver' });
    await expect(publishing).rejects.toMatchObject({
      code: 'transport',
      message:
        'NATS: could not publish events: our user is not allowed to publish to evt.denver.1.order.placed. docs/guides/nats.md lists what it needs.',
    });
    // and whose relay it is can go on
    await transport.publish(batchOf([orderAt(1)]));
    expect(await transport.stored('boston', 1)).toEqual({ firstSeq: 1, lastSeq: 1 });
    expect(reported).toEqual([]);
  });

  test('a relay that starts while central is away publishes into an existing stream, and reports when there is none', async () => {
    const server = await startExample();
    const central = await connected(server, 'central');
    await central.transport.answer(async () => undefined);
    await (await connected(server, 'relay-boston')).transport.publish(batchOf([orderAt(1)]));
    await central.transport.close();
    const { transport, reported } = await connected(server, 'relay-boston');
    await expect(transport.prepare('boston', 1)).rejects.toThrow('Central does not answer.');
    await transport.publish(batchOf([orderAt(2), orderAt(3)]));
    await expect(transport.stored('boston', 1)).rejects.toThrow('Central does not answer.');
    await expect(transport.publish(batchOf([orderAt(1)], { epoch: 2 }))).rejects.toMatchObject({
      code: 'transport',
      message:
        'NATS: event 1 of boston was not stored: there is no stream for it, or none with a leader, and central, which creates it, does not answer.',
    });
    const again = await connected(server, 'central');
    await again.transport.answer(async () => undefined);
    expect(await transport.stored('boston', 1)).toEqual({ firstSeq: 1, lastSeq: 3 });
    expect(reported).toEqual([]);
  });

  describe('a relay among those of other regions', () => {
    /** The example with a second relay, made from the first one, and what each of them has in its stream. */
    async function scene() {
      const block = /\{\s*user: relay-boston[\s\S]*?\n {4}\}/.exec(EXAMPLE)?.[0] ?? '';
      const server = await startExample((config) =>
        config.replace('users: [', `users: [${block.replaceAll('boston', 'seattle').replace(/\$\w+/, 'secret')}`),
      );
      const central = await connected(server, 'central');
      await central.transport.answer(async () => ({ epoch: 1, seq: 0, headSeq: 0, eventId: null }));
      const relays = {
        boston: await connected(server, 'relay-boston'),
        seattle: await connected(server, 'relay-seattle'),
      };
      for (const [region, { transport }] of Object.entries(relays)) {
        await transport.publish({ ...batchOf([orderAt(1, { country: `secret of ${region}` })]), region });
      }
      const names = await withManager({ url: server.url, user: 'central' }, async (manager) => {
        const all: string[] = [];
        for await (const { config } of manager.streams.list()) {
          all.push(config.name);
        }
        return all;
      });
      return { server, central, relays, stream: names.find((name) => name.includes('seattle')) ?? '' };
    }

    /** Boston's user, with another client. */
    async function spy({ url }: NatsServer) {
      const refused: string[] = [];
      const login = { user: 'relay-boston', pass: 'secret', inboxPrefix: '_INBOX.relay-boston' };
      const nats = await connect({ servers: url.replace('nats://', ''), ...login });
      closeAfterTest(() => nats.close());
      void (async () => {
        for await (const status of nats.status()) {
          if (status.type === 'error') {
            refused.push(status.error.message);
          }
        }
      })();
      return { nats, refused, manager: await jetstreamManager(nats, { checkAPI: false, timeout: 1000 }) };
    }

    test('does its work, and knows what is stored of its region', async () => {
      const { central, relays } = await scene();
      expect(await relays.boston.transport.stored('boston', 1)).toEqual({ firstSeq: 1, lastSeq: 1 });
      const got: string[] = [];
      await central.transport.consume(async ({ region }) => {
        got.push(region);
      });
      await until('both have come', () => got.length === 2);
      await until('they are acknowledged', async () => (await relays.boston.transport.stored('boston', 1)) === 'empty');
      expect([relays.boston.reported, relays.seattle.reported, central.reported]).toEqual([[], [], []]);
    });

    test('can neither read, change nor remove what another region has stored', async () => {
      const { server, stream, relays } = await scene();
      const { manager } = await spy(server);
      const attempts: Record<string, () => Promise<unknown>> = {
        list: () => manager.streams.list().next(),
        names: () => manager.streams.names().next(),
        info: () => manager.streams.info(stream),
        read: () => manager.streams.getMessage(stream, { seq: 1 }),
        direct: () => manager.direct.getMessage(stream, { seq: 1 }),
        consume: () => manager.consumers.add(stream, { durable_name: 'spy', ack_policy: AckPolicy.None }),
        'look at central': () => manager.consumers.info(stream, 'central'),
        copy: () => manager.streams.add({ name: 'copy', sources: [{ name: stream }] }),
        mirror: () => manager.streams.add({ name: 'mirror', mirror: { name: stream } }),
        'take the next epoch': () => manager.streams.add({ name: 'next', subjects: ['evt.seattle.2.>'] }),
        change: () => manager.streams.update(stream, { max_msgs: 1 }),
        purge: () => manager.streams.purge(stream),
        'delete an event': () => manager.streams.deleteMessage(stream, 1),
        delete: () => manager.streams.delete(stream),
      };
      for (const [what, attempt] of Object.entries(attempts)) {
        const outcome = await attempt().then(
          () => 'done',
          ({ message }: Error) => message,
        );
        expect([what, outcome]).toEqual([what, expect.stringContaining('Permissions Violation')]);
      }
      expect(await relays.seattle.transport.stored('seattle', 1)).toEqual({ firstSeq: 1, lastSeq: 1 });
    });

    test('can neither publish as another region nor read its answers', async () => {
      const { server, central } = await scene();
      const { nats, refused } = await spy(server);
      const read: string[] = [];
      const foreignInboxes = ['_INBOX.>', '_INBOX.central.>', '_INBOX.relay-seattle.>'];
      const forbidden = [...foreignInboxes, 'evt.>', 'evt.seattle.>', 'meridian.position.seattle', '>'];
      for (const subject of forbidden) {
        nats.subscribe(subject, {
          callback(error, message) {
            if (error === null) {
              read.push(message.subject);
            }
          },
        });
      }
      const questions = ['meridian.position.seattle', 'meridian.stream.seattle'];
      const foreign = ['evt.seattle.1.order.placed', ...questions, '_INBOX.central.x', '$JS.ACK.x.central.1'];
      for (const subject of foreign) {
        nats.publish(subject, '{}');
      }
      await nats.flush();
      await until('all are refused', () => refused.length >= forbidden.length + foreign.length);
      for (const subject of [...forbidden, ...foreign]) {
        expect(refused).toContainEqual(expect.stringContaining(`"${subject}"`));
      }
      const got: string[] = [];
      await central.transport.consume(async ({ region }) => {
        got.push(region);
      });
      await until('both have come', () => got.length === 2);
      expect(read).toEqual([]);
    });

    test('cannot make central publish to another subject', async () => {
      const { server, relays, stream } = await scene();
      const { nats } = await spy(server);
      for (const reply of [`$JS.API.STREAM.DELETE.${stream}`, `$JS.API.STREAM.PURGE.${stream}`]) {
        for (const subject of ['meridian.position.boston', 'meridian.stream.boston', 'meridian.central']) {
          nats.publish(subject, '', { reply });
        }
      }
      // what comes after them is answered when they have been
      expect(await relays.boston.transport.position('boston')).toMatchObject({ epoch: 1 });
      expect(await relays.seattle.transport.stored('seattle', 1)).toEqual({ firstSeq: 1, lastSeq: 1 });
    });
  });

  test('a refusal that no request waits for is reported once', async () => {
    const server = await startExample((config) => config.replace('"meridian.position.*", ', ''));
    const { transport, reported } = await connected(server, 'central');
    await transport.answer(async () => undefined);
    await transport.answer(async () => undefined);
    await until('it is reported', () => reported.length > 0);
    await transport.isCentralThere();
    expect(reported).toEqual([
      'NATS: our user is not allowed to subscribe to meridian.position.*. docs/guides/nats.md lists what it needs.',
    ]);
  });

  test('a user that may not ask for central gets an error, and not a busy central', async () => {
    const server = await startExample((config) => config.replace('"_INBOX.>", "meridian.central"', '"_INBOX.>"'));
    const { transport } = await connected(server, 'central');
    await expect(transport.isCentralThere()).rejects.toMatchObject({
      code: 'transport',
      message: expect.stringContaining('our user is not allowed to publish to meridian.central'),
    });
  });

  test('a user that may not list streams gets an error, and not an empty list', async () => {
    const server = await startExample((config) => config.replace('"$JS.API.STREAM.LIST", ', ''));
    const { transport, reported } = await connected(server, 'central');
    await transport.consume(async () => undefined);
    await until('it is reported', () => reported.length > 1);
    expect(reported.sort()).toEqual([
      'NATS: our user is not allowed to publish to $JS.API.STREAM.LIST. docs/guides/nats.md lists what it needs.',
      'all regions: NATS: could not look for streams: our user is not allowed to publish to $JS.API.STREAM.LIST. docs/guides/nats.md lists what it needs.',
    ]);
  });

  test('JetStream itself', async () => {
    const server = await startExample((config) => config.replaceAll('"$JS.API.INFO", ', ''));
    await expect(connected(server, 'central')).rejects.toMatchObject({
      code: 'transport',
      message: expect.stringMatching(/^NATS: could not use JetStream: our user is not allowed to publish to \$JS\.API/),
    });
  });
});
