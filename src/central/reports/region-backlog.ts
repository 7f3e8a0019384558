/** What has happened in the regions and is not in central, where their databases can be looked into. */
import { sql } from 'kysely';
import { Database } from '../../databases/database.ts';
import type { DatabaseDeclaration } from '../../databases/declaration.ts';
import type { DatabaseLocation } from '../../databases/location.ts';
import { regionOf } from '../../databases/regions.ts';
import { OutboxEvent } from '../../orders/outbox-event.entity.ts';
import { RELAY_STATE_ID, RelayState } from '../../orders/relay-state.entity.ts';
import type { Backlogs } from './completeness.ts';

export interface Backlog {
  /** Events that central has not acknowledged. */
  readonly unshippedEvents: number;
  /** How long ago the oldest of them occurred; 0 if there is none. */
  readonly lagSeconds: number;
}

export interface LookOptions {
  /** Instead of where the environment says. */
  readonly location?: (database: string) => DatabaseLocation;
  readonly now?: () => Date;
}

interface RegionTables {
  readonly outbox_event: {
    readonly epoch: number | null;
    readonly seq: number | null;
    readonly occurred_at: string;
  };
  readonly relay_state: { readonly id: number; readonly epoch: number; readonly acked_seq: number };
}

/**
 * Looks into all regions at once. One whose database does not exist has nothing to tell and is left out; one whose database
 * cannot be opened or read, or has no outbox yet, is `unreachable`.
 *
 * @param regions declarations such as `orders.boston`
 * @throws MeridianError `usage` when a URL in the environment is not understood
 */
export async function lookForBacklogs(
  regions: readonly DatabaseDeclaration[],
  { location, now = () => new Date() }: LookOptions = {},
): Promise<Backlogs> {
  const databases = regions.map(
    (region) =>
      new Database(region, { create: false, ...(location === undefined ? {} : { location: location(region.name) }) }),
  );
  const found = await Promise.all(
    databases.map(async (database) => [regionOf(database.name), await lookInto(database, now)] as const),
  );
  return new Map(found.flatMap(([region, backlog]) => (backlog === undefined ? [] : [[region, backlog] as const])));
}

async function lookInto(database: Database, now: () => Date): Promise<Backlog | 'unreachable' | undefined> {
  try {
    await database.connect();
    return database.isMissing ? undefined : await backlogOf(database, now);
  } catch {
    // that the region is cut off, for whatever reason, is what the report says of it
    return 'unreachable';
  } finally {
    await database.close();
  }
}

async function backlogOf(database: Database, now: () => Date): Promise<Backlog | 'unreachable'> {
  const em = database.fork();
  if (!(await database.hasTable(em, OutboxEvent)) || !(await database.hasTable(em, RelayState))) {
    return 'unreachable';
  }
  const { events, oldest } = await em
    .getKysely<RegionTables>()
    .selectFrom('outbox_event')
    .innerJoin('relay_state', (join) => join.on('relay_state.id', '=', RELAY_STATE_ID))
    .select([sql<number>`count(*)`.as('events'), sql<string | null>`min(occurred_at)`.as('oldest')])
    .where(sql<boolean>`(seq is null or (outbox_event.epoch = relay_state.epoch and seq > acked_seq))`)
    .executeTakeFirstOrThrow();
  const lagMilliseconds = oldest === null ? 0 : now().getTime() - Date.parse(oldest);
  return { unshippedEvents: events, lagSeconds: Math.max(0, Math.round(lagMilliseconds / 1000)) };
}
