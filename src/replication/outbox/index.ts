/**
 * Change events that are written in the transaction of the change, for a relay to publish.
 *
 * A load writes them by the `outboxMapping` of an entity, which {@link changeEvents} makes. A program writes one beside its own change:
 *
 * ```ts
 * import { open } from 'meridian';
 * import { newEvent, OutboxEvent } from 'meridian/outbox';
 * import { Parcel } from './entities.ts';
 * import config from './meridian.config.ts';
 *
 * const databases = await open(config, { databases: ['parcels'] });
 * await databases.em('parcels').transactional(async (em) => {
 *   const parcel = await em.findOneOrFail(Parcel, 1);
 *   parcel.pieces++;
 *   const change = { id: parcel.id, version: 2, type: 'repacked', occurredAt: new Date().toISOString() };
 *   const event = newEvent({ aggregate: 'parcel', schemaVersion: 1 }, change, { code: parcel.code, pieces: parcel.pieces });
 *   em.create(OutboxEvent, event);
 * });
 * await databases.close();
 * ```
 *
 * @packageDocumentation
 */
export type { OutboxMapping } from '../../database/declaration.ts';
export { type Change, type EventBody, type EventContract, type NewEvent, newEvent } from '../events/event.ts';
export { changeEvents } from './change-events.ts';
export { OutboxEvent } from './outbox-event.entity.ts';
