/** How the changes of an entity become events of the outbox. */
import type { OutboxMapping } from '../../database/declaration.ts';
import type { NewEvent } from '../events/event.ts';
import { OutboxEvent } from './outbox-event.entity.ts';

/**
 * The `outboxMapping` of an entity: each row that a load inserts or updates writes an event in the same transaction. The database has
 * `outbox: true` in the config.
 *
 * ```ts
 * import { defineConfig } from 'meridian';
 * import { changeEvents, newEvent } from 'meridian/outbox';
 * import { Parcel } from './entities.ts';
 *
 * const parcelEvents = changeEvents('parcel', ({ id, ...parcel }, run) =>
 *   newEvent(
 *     { aggregate: 'parcel', schemaVersion: 1 },
 *     { id: Number(id), version: 1, type: 'loaded', occurredAt: new Date().toISOString(), run },
 *     parcel,
 *   ),
 * );
 *
 * export default defineConfig({
 *   databases: {
 *     parcels: { outbox: true, entities: { parcel: { entity: Parcel, outboxMapping: parcelEvents } } },
 *   },
 * });
 * ```
 *
 * @param aggregate what the events are about: the same as in the events
 * @param eventOf the event for a row as it is after the change, in which a number of JSON that JavaScript does not have writes itself to
 *   JSON as it is stored; with the run, which withholds the event until it is verified
 */
export function changeEvents<Row extends object = Record<string, unknown>>(
  aggregate: string,
  eventOf: (row: Readonly<Partial<Row>>, run: string | null) => NewEvent,
): OutboxMapping {
  return {
    entity: OutboxEvent,
    eventOf: (row, run) => ({ ...eventOf(row as Readonly<Partial<Row>>, run) }),
    unpublishedEventsOf: (run, ids) => ({ seq: null, run, aggregate, aggregateId: { $in: ids } }),
  };
}
