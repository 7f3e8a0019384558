/** Users of NATS who may not do everything: those of the example can do their work, and who may not is told why. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { projectRoot } from '../../../src/databases/project.ts';
import { natsTransport } from '../../../src/transport/nats/transport.ts';
import type { Batch, RemoteTransport } from '../../../src/transport/transport.ts';
import { closeAfterTest, describeWithNats } from '../../support/nats/available.ts';
import { type NatsServer, startNats } from '../../support/nats/server.ts';
import { batchOf, orderAt } from '../../support/shipped.ts';
import { until } from '../../support/until.ts';

const EXAMPLE = readFileSync(join(projectRoot, 'docs', 'examples', 'nats-users.conf'), 'utf8');

describeWithNats('NATS', () => {
  const startExample = (change = (config: string) => config) =>
    startNats({ config: change(EXAMPLE.replace(/\$(RELAY_BOSTON|CENTRAL)_PASSWORD/g, 'secret')) });

  async function connected(server: NatsServer, user: string): Promise<{ transport: RemoteTransport; told: string[] }> {
    const told: string[] = [];
    const transport = await natsTransport({
      settings: server.settings({ NATS_USER: user, NATS_PASSWORD: 'secret' }),
      listener: {
        hindered: (sentence) => told.push(sentence),
        failed: (region, { message }) => told.push(`${region}: ${message}`),
        recovered: (region) => told.push(`${region}: recovered`),
      },
    });
    closeAfterTest(() => transport.close());
    return { transport, told };
  }

  test('a relay and central do their work as the users of the example', async () => {
    const server = await startExample();
    const relay = await connected(server, 'relay-boston');
    const central = await connected(server, 'central');
    expect(await central.transport.isCentralThere()).toBe(false);
    const got: Batch[] = [];
    central.transport.answer(async () => ({ epoch: 1, seq: 0, headSeq: 1, eventId: null }));
    await central.transport.consume(async (batch) => {
      got.push(batch);
    });
    await relay.transport.prepare('boston', 1);
    await relay.transport.publish(batchOf([orderAt(1), orderAt(2)]));
    await until('it has come', () => got.flatMap(({ events }) => events).length === 2);
    await until('it is acknowledged', async () => (await relay.transport.stored('boston', 1)) === 'empty');
    expect(await relay.transport.position('boston')).toMatchObject({ epoch: 1, seq: 0 });
    expect(await relay.transport.isCentralThere()).toBe(true);
    expect([relay.told, central.told]).toEqual([[], []]);
  });

  test('a relay cannot publish for another region, and hears so at once', async () => {
    const server = await startExample();
    const { transport, told } = await connected(server, 'relay-boston');
    const publishing = transport.publish({ ...batchOf([orderAt(1)]), region: 'denver' });
    await expect(publishing).rejects.toMatchObject({
      code: 'transport',
      message:
        'NATS: could not publish events: our user is not allowed to publish to evt.denver.1.order.placed. What it needs is told in docs/nats.md.',
    });
    // and whose relay it is can go on
    await transport.publish(batchOf([orderAt(1)]));
    expect(await transport.stored('boston', 1)).toEqual({ firstSeq: 1, lastSeq: 1 });
    expect(told).toEqual([]);
  });

  test('what is answered by nobody else is told once', async () => {
    const server = await startExample((config) => config.replace('"meridian.position.*", ', ''));
    const { transport, told } = await connected(server, 'central');
    transport.answer(async () => undefined);
    transport.answer(async () => undefined);
    await until('it is told', () => told.length > 0);
    await transport.isCentralThere();
    expect(told).toEqual([
      'NATS: our user is not allowed to subscribe to meridian.position.*. What it needs is told in docs/nats.md.',
    ]);
  });

  test('whoever may not ask for central does not take it for one that is busy', async () => {
    const server = await startExample((config) => config.replaceAll(', "meridian.central"]', ']'));
    const { transport } = await connected(server, 'central');
    await expect(transport.isCentralThere()).rejects.toMatchObject({
      code: 'transport',
      message: expect.stringContaining('our user is not allowed to publish to meridian.central'),
    });
  });

  test('whoever may not list streams says so, and does not take it that there are none', async () => {
    const server = await startExample((config) =>
      config.replace('["$JS.API.>", "$JS.ACK.>"', '["$JS.API.INFO", "$JS.ACK.>"'),
    );
    const { transport, told } = await connected(server, 'central');
    await transport.consume(async () => undefined);
    await until('it is told', () => told.length > 1);
    expect(told.sort()).toEqual([
      'NATS: our user is not allowed to publish to $JS.API.STREAM.LIST. What it needs is told in docs/nats.md.',
      'all regions: NATS: could not look for streams: our user is not allowed to publish to $JS.API.STREAM.LIST. What it needs is told in docs/nats.md.',
    ]);
  });

  test('JetStream itself', async () => {
    const server = await startExample((config) => config.replaceAll('"$JS.API.>", ', ''));
    await expect(connected(server, 'central')).rejects.toMatchObject({
      code: 'transport',
      message: expect.stringMatching(/^NATS: could not use JetStream: our user is not allowed to publish to \$JS\.API/),
    });
  });
});
