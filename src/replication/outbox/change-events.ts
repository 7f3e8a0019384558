/** Maps the changes of an entity to events of the outbox. */
import type { OutboxMapping } from '../../database/declaration.ts';
import type { NewEvent } from '../events/event.ts';
import { OutboxEvent } from './outbox-event.entity.ts';

/**
 * Makes the `outboxMapping` of an entity: for each row that it inserts or updates, a load writes an event in the same transaction. The
 * database needs `outbox: true` in the config.
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
 * @param aggregate the same aggregate as in the events
 * @param eventOf makes the event from the row after the change and from the run, which withholds the event until it is verified. JSON
 *   numbers in the row that JavaScript cannot represent serialize exactly as stored
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
