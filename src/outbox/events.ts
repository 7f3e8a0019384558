/** Reads events of the outbox and gives them their places. */
import { sql } from 'kysely';
import type { EntityManager } from '../databases/database.ts';
import type { ShippedEvent } from '../transport/transport.ts';
import { IS_RELEASED } from './held.ts';

const COLUMNS = sql.raw(
  'event_id as "eventId", seq, type, schema_version as "schemaVersion", aggregate, aggregate_id as "aggregateId", ' +
    'aggregate_version as "aggregateVersion", payload, occurred_at as "occurredAt"',
);

/**
 * Gives the next places to committed events that have none, in the order in which they were written. Only the relay that
 * holds the lease does this, in a transaction in which it has renewed it.
 */
export async function stampEvents(
  em: EntityManager,
  epoch: number,
  nextSeq: number,
  limit: number,
): Promise<ShippedEvent[]> {
  const { rows } = await sql<ShippedEvent>`
    update outbox_event set epoch = ${epoch}, seq = ${nextSeq - 1} + stamped.number
    from (
      select open.id as stamped_id, row_number() over (order by open.id) as number
      from (select id from outbox_event where seq is null and ${IS_RELEASED} order by id limit ${limit}) as open
    ) as stamped
    where outbox_event.id = stamped.stamped_id
    returning ${COLUMNS}`.execute(em.getKysely());
  // an update gives back its rows in no order
  return rows.sort((a, b) => a.seq - b.seq);
}

/** Events that have a place after `seq`, in order. */
export async function eventsAfter(
  em: EntityManager,
  epoch: number,
  seq: number,
  limit: number,
): Promise<ShippedEvent[]> {
  const { rows } = await sql<ShippedEvent>`
    select ${COLUMNS} from outbox_event
    where epoch = ${epoch} and seq > ${seq} order by seq limit ${limit}`.execute(em.getKysely());
  return rows;
}

/** The event in a place, if it has not been purged. */
export async function eventAt(em: EntityManager, epoch: number, seq: number): Promise<ShippedEvent | undefined> {
  const [event] = await eventsAfter(em, epoch, seq - 1, 1);
  return event?.seq === seq ? event : undefined;
}
