/** The lease in the row of a relay: acquired, renewed, lost. */
import { expect, test } from '@jest/globals';
import { beginEpoch } from '../../../src/replication/outbox/epoch.ts';
import {
  LeaseLostError,
  type RelayRow,
  readRelay,
  renewLease,
  takeLease,
} from '../../../src/replication/relay/relay-row.ts';
import { backUp } from '../../support/backup.ts';
import { forEachEngine } from '../../support/engines.ts';
import { endLease, writeOrders } from '../../support/regional.ts';
import { type SyncScene, syncScene } from '../../support/sync-scene.ts';

/** Longer than any test takes. */
const LEASE_SECONDS = 3600;

forEachEngine((_, engine) => {
  /** Three events that central has, and a relay that holds the lease. */
  async function heldScene(): Promise<SyncScene & { readonly held: RelayRow }> {
    const scene = await syncScene(engine);
    await writeOrders(scene.boston, { id: 1 }, { id: 2 }, { id: 3 });
    await scene.sync();
    const held = await takeLease(scene.boston, LEASE_SECONDS);
    return { ...scene, held: held as RelayRow };
  }
  const renew = ({ boston }: SyncScene, held: RelayRow) =>
    renewLease(boston, boston.fork(), held, 0, 2 * LEASE_SECONDS);
  const change = ({ place }: SyncScene, assignment: string) =>
    place.execute('orders.boston', `update relay_state set ${assignment}`);

  test('the relay that holds the lease renews it, and no other relay', async () => {
    const { held, ...scene } = await heldScene();
    expect(await renew(scene, held)).toMatchObject({ fencingToken: held.fencingToken, nextSeq: 4 });
    await expect(renew(scene, { ...held, fencingToken: held.fencingToken - 1 })).rejects.toThrow(LeaseLostError);
  });

  test('the lease is not renewed in another epoch', async () => {
    const { held, ...scene } = await heldScene();
    await change(scene, 'epoch = 2');
    await expect(renew(scene, held)).rejects.toThrow(LeaseLostError);
  });

  test('the lease is not renewed over fewer sequence numbers than its relay has assigned', async () => {
    const { held, ...scene } = await heldScene();
    await change(scene, 'next_seq = 3');
    await expect(renew(scene, held)).rejects.toThrow(LeaseLostError);
    // more there may be: of a commit whose answer was lost
    await change(scene, 'next_seq = 5');
    expect(await renew(scene, held)).toMatchObject({ nextSeq: 5 });
  });

  test('a new epoch takes it from the relay that holds it', async () => {
    const { held, ...scene } = await heldScene();
    await beginEpoch(scene.boston);
    const { fencingToken, leaseUntil } = await readRelay(scene.boston, scene.boston.fork());
    expect(fencingToken).not.toBe(held.fencingToken);
    expect(leaseUntil).toBeNull();
  });

  test('the same relay acquires the lease again at once, and twice with the same token', async () => {
    const { held, ...scene } = await heldScene();
    expect(await takeLease(scene.boston, LEASE_SECONDS)).toBeUndefined();
    const again = await takeLease(scene.boston, LEASE_SECONDS, {
      fencingToken: 77,
      ownFencingToken: held.fencingToken,
    });
    expect(again).toMatchObject({ fencingToken: 77 });
    // the answer to the first was lost
    expect(
      await takeLease(scene.boston, LEASE_SECONDS, { fencingToken: 77, ownFencingToken: held.fencingToken }),
    ).toMatchObject({
      fencingToken: 77,
    });
    await expect(renew(scene, held)).rejects.toThrow(LeaseLostError);
  });

  test('a restore never brings a fencing token back: no two relays hold the same one', async () => {
    const scene = await syncScene(engine);
    await takeLease(scene.boston, LEASE_SECONDS);
    const restore = await backUp(scene.place, 'orders.boston');
    await endLease(scene.boston);
    const before = (await takeLease(scene.boston, LEASE_SECONDS)) as RelayRow;
    await restore();
    await endLease(scene.boston);
    const after = (await takeLease(scene.boston, LEASE_SECONDS)) as RelayRow;
    expect(after.fencingToken).not.toBe(before.fencingToken);
    await expect(renew(scene, before)).rejects.toThrow(LeaseLostError);
    expect(await renew(scene, after)).toMatchObject({ fencingToken: after.fencingToken });
  });
});
