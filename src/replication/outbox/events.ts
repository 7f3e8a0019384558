/** Reads events of the outbox and assigns their sequence numbers. */
import { sql } from 'kysely';
import type { Database, EntityManager } from '../../database/database.ts';
import { isReleased } from '../../loads/withheld.ts';
import { isTraceparent, TRACEPARENT_CHARACTERS } from '../../shared/tracing/traceparent.ts';
import { envelopeProblem, type GivenEvent, MAX_NAME_CHARACTERS, MAX_PAYLOAD_BYTES } from '../events/envelope.ts';
import { standInFor } from '../events/stand-in.ts';
import type { ShippedEvent } from '../transport/transport.ts';

/** The maximum payload bytes per batch, so that a batch of large events has fewer events. */
const MAX_BATCH_BYTES = 8_388_608;

/** More characters than a valid time has. */
const TIME_CHARACTERS = 40;

/** SQL condition for a well-formed time, which sorts chronologically. */
export const IS_INSTANT = `occurred_at like '____-__-__T__:__:__.___Z'`;

/** Any program may have written a row, so only as much of each value is read as is needed to detect that it is too long. */
const COLUMNS = sql.raw(
  `id, seq, schema_version as "schemaVersion", aggregate_id as "aggregateId", aggregate_version as "aggregateVersion",
    substr(event_id, 1, ${MAX_NAME_CHARACTERS + 1}) as "eventId",
    substr(type, 1, ${MAX_NAME_CHARACTERS + 1}) as type, substr(aggregate, 1, ${MAX_NAME_CHARACTERS + 1}) as aggregate,
    substr(occurred_at, 1, ${TIME_CHARACTERS}) as "occurredAt",
    substr(traceparent, 1, ${TRACEPARENT_CHARACTERS + 1}) as traceparent,
    case when octet_length(payload) <= ${MAX_PAYLOAD_BYTES} then payload end as payload,
    octet_length(payload) as "payloadBytes"`,
);

/** SQL for the payload bytes of all preceding rows, in the given order. */
const bytesBefore = (order: string) =>
  sql.raw(
    `sum(case when octet_length(payload) <= ${MAX_PAYLOAD_BYTES} then octet_length(payload) else 0 end)
      over (order by ${order} rows between unbounded preceding and 1 preceding)`,
  );

type Row = GivenEvent & { readonly id: number; readonly seq: number; readonly payloadBytes: number };

/**
 * Assigns the next sequence numbers to committed events without one, in the order in which they were written. Only the relay that holds the
 * lease calls this, in the transaction that has renewed it.
 */
export async function stampEvents(
  database: Pick<Database, 'name'>,
  em: EntityManager,
  epoch: number,
  nextSeq: number,
  limit: number,
): Promise<ShippedEvent[]> {
  const { rows } = await sql<Row>`
    update outbox_event set epoch = ${epoch}, seq = ${nextSeq - 1} + stamped.number
    from (
      select sized.id as stamped_id, row_number() over (order by sized.id) as number
      from (
        select id, ${bytesBefore('id')} as bytes_before
        from (select id, payload from outbox_event where seq is null and ${isReleased(database)} order by id limit ${limit}) as open
      ) as sized
      where coalesce(bytes_before, 0) < ${MAX_BATCH_BYTES}
    ) as stamped
    where outbox_event.id = stamped.stamped_id
    returning ${COLUMNS}`.execute(em.getKysely());
  // an update returns its rows in no particular order
  return rows.sort((a, b) => a.seq - b.seq).map(toEvent);
}

/** Events with a sequence number after `seq`, in order. */
export async function eventsAfter(
  em: EntityManager,
  epoch: number,
  seq: number,
  limit: number,
): Promise<ShippedEvent[]> {
  const { rows } = await sql<Row>`
    select ${COLUMNS}
    from (
      select *, ${bytesBefore('seq')} as bytes_before
      from (select * from outbox_event where epoch = ${epoch} and seq > ${seq} order by seq limit ${limit}) as page
    ) as sized
    where coalesce(bytes_before, 0) < ${MAX_BATCH_BYTES} order by seq`.execute(em.getKysely());
  return rows.map(toEvent);
}

/** Replaces an event that violates the contract by a stand-in, so that it does not block the following events. */
function toEvent({ id, traceparent, ...row }: Row): ShippedEvent {
  const problem = envelopeProblem(row);
  if (problem !== undefined) {
    return standInFor(row, row.seq, `unreadable-${id}`, problem);
  }
  const { payloadBytes: _, ...event } = row;
  return (isTraceparent(traceparent) ? { ...event, traceparent } : event) as ShippedEvent;
}

/** The event with a sequence number, if it has not been purged. */
export async function eventAt(em: EntityManager, epoch: number, seq: number): Promise<ShippedEvent | undefined> {
  const [event] = await eventsAfter(em, epoch, seq - 1, 1);
  return event?.seq === seq ? event : undefined;
}
