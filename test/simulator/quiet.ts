/** Whether everything that was written has arrived everywhere, and nothing is left to do. */
import { unshippedComponentLists } from './oracles/component-lists.ts';
import { relayState } from './oracles/oracle.ts';
import { CENTRAL, ordersDatabase, shippers } from './plan.ts';
import type { World } from './world.ts';

/** @returns what is not done yet; nothing when all is */
export function unfinished(world: World): string | undefined {
  for (const region of world.plan.regions) {
    const reason = unfinishedRegion(world, region) ?? uncompared(world, region);
    if (reason !== undefined) {
      return `${region}: ${reason}`;
    }
  }
  const unshipped = unshippedComponentLists(world);
  if (unshipped > 0) {
    return `${unshipped} component lists wait for the store`;
  }
  const queued = world.views.row<{ count: number }>(CENTRAL, 'select count(*) as count from document_queue')?.count;
  return queued === 0 ? undefined : `central: ${queued} documents wait for the store`;
}

/**
 * A relay compares its region with central and the store when it takes over the lease, and from time to time. Until then, databases that were
 * put back may look as if nothing were left to do.
 */
function uncompared(world: World, region: string): string | undefined {
  const { plan, kernel, putBackAt } = world;
  if (putBackAt === undefined) {
    return undefined;
  }
  const { leaseSeconds, reconcileSeconds } = plan.settings;
  const relays = shippers(plan, region).map((name) => world.running(name));
  const starts = relays.flatMap((relay) => (relay === undefined ? [] : [relay.startedAt]));
  const since = Math.max(putBackAt, Math.min(...starts));
  return kernel.time - since > (leaseSeconds + reconcileSeconds) * 1000
    ? undefined
    : 'its relay has not compared it with central since a database was put back';
}

function unfinishedRegion({ views }: World, region: string): string | undefined {
  const database = ordersDatabase(region);
  const { epoch, next, acked } = relayState(views, database);
  const { open, snapshot, pending } = views.row<{ open: number; snapshot: string | null; pending: number }>(
    database,
    `select snapshot, (select count(*) from outbox_event where seq is null) as open,
      (select count(*) from orders where status = 'pending') as pending from relay_state`,
  ) as { open: number; snapshot: string | null; pending: number };
  const cursor = views.row<{ epoch: number; seq: number }>(
    CENTRAL,
    'select epoch, seq from region_cursor where region = ?',
    region,
  );
  if (pending > 0) {
    return `${pending} orders are pending`;
  }
  if (open > 0 || snapshot !== null) {
    return `${open} events have no number${snapshot === null ? '' : ', and a snapshot is not complete'}`;
  }
  if (acked < next - 1) {
    return `${acked} of ${next - 1} events of epoch ${epoch} are acknowledged`;
  }
  return next > 1 && (cursor?.epoch !== epoch || cursor.seq !== next - 1)
    ? `central is at ${cursor?.epoch}/${cursor?.seq}, the region at ${epoch}/${next - 1}`
    : undefined;
}
