/** `meridian relay run`, `central run`, `transport check` and `sync` with a real nats-server in between. */
import type { ChildProcess } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { migrateDown, migrateUp, migrationStatus } from '../../src/database/migrate.ts';
import type { CommandResult } from '../support/command.ts';
import { closeAfterTest, describeWithNats } from '../support/nats/available.ts';
import { type NatsServer, startNats } from '../support/nats/server.ts';
import { openRegion, writeOrders } from '../support/regional.ts';
import { until } from '../support/until.ts';
import { type Workspace, workspace } from '../support/workspace.ts';

/** Processes of their own take their time to start. */

interface Started {
  readonly child: ChildProcess;
  /** What it has printed on standard error. */
  readonly heard: () => string;
  /** Its health check: the status and the body. */
  health(): Promise<readonly [number, Record<string, unknown>]>;
  ended(): Promise<CommandResult>;
}

describeWithNats('NATS', () => {
  async function start({ run }: Workspace, { url }: NatsServer, ...args: string[]): Promise<Started> {
    let child: ChildProcess | undefined;
    let heard = '';
    const result = run([...args, '--health', '0', '--json'], {
      env: { NATS_URL: url, NATS_ACK_WAIT_SECONDS: '1' },
      during(started) {
        child = started;
        started.stderr?.on('data', (text: string) => {
          heard += text;
        });
      },
    });
    closeAfterTest(() => child?.kill('SIGKILL'));
    const address = () => /health: (\S+)/.exec(heard)?.[1];
    await until('it serves its health check', () => address() !== undefined);
    return {
      child: child as unknown as ChildProcess,
      heard: () => heard,
      ended: () => result,
      async health() {
        const response = await fetch(address() ?? '');
        return [response.status, (await response.json()) as Record<string, unknown>];
      },
    };
  }

  const isWell = (started: Started) => until('it is well', async () => (await started.health())[0] === 200);
  const arrived = ({ place }: Workspace, orders: number) =>
    until(`${orders} orders are in central`, async () => {
      try {
        return (await place.execute('central', 'select order_id from order_fact')).length === orders;
      } catch {
        // it is not made yet
        return false;
      }
    });

  test('a relay and central, each a process, of which central is killed and NATS goes away; both end well', async () => {
    const server = await startNats();
    const shop = workspace();
    const boston = await openRegion(shop.place, 'boston');
    const env = { NATS_URL: server.url, NATS_ACK_WAIT_SECONDS: '1' };

    // nothing is there yet
    const early = await shop.run(['transport', 'check'], { env });
    expect(early.stdout).toMatch(/boston .* no stream, made by the relay/);
    expect(early.code).toBe(1);
    await migrateDown(boston);
    const behind = await shop.run(['transport', 'check'], { env });
    expect(behind.stderr).toMatch(/^boston is left out: .* pending/);
    expect((await migrationStatus(boston)).pending).toHaveLength(1);
    await migrateUp(boston);
    const alone = await shop.run(['sync'], { env });
    expect(alone.code).toBe(1);
    expect(alone.stderr).toBe(
      'Error: No central answers, and there is no central database here. Start npx meridian central run where it is, or is to be; then run the same command again.\n',
    );

    const relay = await start(shop, server, 'relay', 'run', '--region', 'boston');
    await isWell(relay);
    await writeOrders(boston, { id: 1 }, { id: 2 });
    await until('central is found away', async () => (await relay.health())[1]['central'] === 'away');
    let central = await start(shop, server, 'central', 'run');
    await arrived(shop, 2);
    await isWell(central);
    const spare = await start(shop, server, 'central', 'run');
    await until('the second waits', () => spare.heard().includes('Another central is running.'));
    expect((await spare.health())[1]).toMatchObject({ status: 'ok', state: 'waiting' });

    central.child.kill('SIGKILL');
    await writeOrders(boston, { id: 3 });
    await arrived(shop, 3);
    central = spare;
    expect((await central.health())[1]).toMatchObject({
      role: 'central',
      state: 'working',
      connected: true,
      regions: { boston: { epoch: 1, seq: 3, behind: 0, lagSeconds: 0, lastError: null } },
    });
    await until('the relay knows', async () => (await relay.health())[1]['ackedSeq'] === 3);
    expect((await relay.health())[1]).toMatchObject({
      role: 'relay',
      region: 'boston',
      central: 'answers',
      unshipped: 0,
      lagSeconds: 0,
      publishedSeq: 3,
      lastError: null,
    });

    const checked = await shop.run(['transport', 'check', '--json'], { env });
    expect(JSON.parse(checked.stdout)).toMatchObject({
      transport: 'nats',
      isCentralThere: true,
      isAsWanted: true,
      streams: [{ region: 'boston', epoch: 1, events: 0, hasConsumer: true, differences: [] }],
    });
    const others = await shop.run(['transport', 'check'], {
      env: { ...env, NATS_MAX_EVENTS: '5', NATS_ACK_WAIT_SECONDS: '7' },
    });
    expect(others.stdout).toMatch(/max_msgs 1000000, not 5; consumer ack_wait 1 s, not 7 s/);
    expect(others.code).toBe(1);

    await server.kill();
    for (const process of [relay, central]) {
      await until('it is not well', async () => (await process.health())[0] === 503);
    }
    await writeOrders(boston, { id: 4 });
    await server.start();
    await arrived(shop, 4);
    for (const process of [relay, central]) {
      await isWell(process);
    }
    // what people do by hand beside them
    for (const args of [['sync'], ['resend', '--region', 'boston'], ['central', 'rebuild'], ['documents', 'rebuild']]) {
      const beside = await shop.run(args, { env });
      expect([args, beside.code, beside.stdout]).toEqual([args, 0, expect.stringMatching(/boston.*up to date/)]);
      expect((await shop.run(['compare'])).code).toBe(0);
    }
    relay.child.kill('SIGTERM');
    const relayed = await relay.ended();
    expect(relayed.code).toBe(0);
    expect(relayed.stderr).toContain('Stopping after the current batch.\n');
    expect(relayed.stdout.split('\n')[0]).toBe('{"region":"boston","shipped":2}');
    central.child.kill('SIGINT');
    expect((await central.ended()).code).toBe(0);
    expect(await shop.place.execute('orders.boston', 'select lease_until from relay_state')).toEqual([
      { lease_until: null },
    ]);
    expect((await shop.run(['compare'])).code).toBe(0);
  });

  test('sync ends when central has all, be it in this process or in another one', async () => {
    const server = await startNats();
    const shop = workspace();
    const env = { NATS_URL: server.url, NATS_ACK_WAIT_SECONDS: '1' };
    const boston = await openRegion(shop.place, 'boston');
    const denver = await openRegion(shop.place, 'denver');
    await writeOrders(boston, { id: 1 }, { id: 2 });
    await writeOrders(denver, { id: 7 });
    // it is named, so that it is made
    const named = { ...env, CENTRAL_DATABASE_URL: shop.place.url('central') };
    const first = await shop.run(['sync', '--json'], { env: named });
    expect(JSON.parse(first.stdout)).toMatchObject({ boston: { shipped: 2 }, denver: { shipped: 1 } });
    expect(first.code).toBe(0);
    await arrived(shop, 3);
    const central = await start(shop, server, 'central', 'run');
    await isWell(central);
    await writeOrders(boston, { id: 3 });
    const second = await shop.run(['sync'], { env });
    expect(second.stdout).toMatch(/boston\s+│\s+1 │ .*│ up to date/);
    await arrived(shop, 4);
    // everything comes again, in a stream of its own
    expect((await shop.run(['resend', '--region', 'boston'], { env })).code).toBe(0);
    expect((await shop.run(['compare'])).stdout).toContain('boston: equal, up to event 4 of epoch 2\n');
    const checked = await shop.run(['transport', 'check'], { env });
    expect(checked.stdout).toMatch(/boston\s+│\s+1 │.*of an earlier epoch/);
    expect(checked.stdout).toMatch(/boston\s+│\s+2 │.*ok/);
    expect(checked.code).toBe(0);
  });
});
