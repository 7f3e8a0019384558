/**
 * Change events that are written in the transaction of the change, for a relay to publish.
 *
 * A load writes them according to the `outboxMapping` of an entity, which {@link changeEvents} makes. A program writes an event together
 * with its own change:
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
export { isReleased } from '../loads/withheld.ts';
export { inActiveSpan } from '../shared/tracing/spans.ts';
export { decodeEvent } from './events/decode.ts';
export { MAX_EPOCH } from './events/epoch.ts';
export { type Change, type EventBody, type EventContract, type NewEvent, newEvent } from './events/event.ts';
export { isVersion, readPayload, readVersion, refuseBroken, refuseOther, UnreadableError } from './events/payload.ts';
export { CentralHealth } from './inbox/central-health.ts';
export { DeadLetter } from './inbox/dead-letter.entity.ts';
export { describeFailure, type Failure } from './inbox/dead-letters.ts';
export { Inbox } from './inbox/inbox.ts';
export { withInbox } from './inbox/own-tables.ts';
export type { Projection } from './inbox/projection.ts';
export { RegionCursor } from './inbox/region-cursor.entity.ts';
export { runCentral } from './inbox/run-central.ts';
export { serveCentral } from './inbox/serve-central.ts';
export { changeEvents } from './outbox/change-events.ts';
export { Outbox } from './outbox/outbox.ts';
export { OutboxEvent } from './outbox/outbox-event.entity.ts';
export type { SnapshotProgress, SnapshotSource } from './outbox/snapshot-source.ts';
export type { OutboxStatus } from './outbox/status.ts';
export { isRegionName, MAX_REGION_NAME_LENGTH, regionNameOf, regionOf } from './region-name.ts';
export { backOffMilliseconds } from './relay/back-off.ts';
export { drain } from './relay/drain.ts';
export { Relay } from './relay/relay.ts';
export { RelayHealth } from './relay/relay-health.ts';
export { runRelay } from './relay/run-relay.ts';
export { RELAY_SETTINGS, type RelayOptions, type RelaySettings } from './relay/settings.ts';
export { checkRemote, isRemote, type OpenTransport, openRemote } from './transport/configured.ts';
export { inProcessTransport } from './transport/in-process.ts';
export type {
  Batch,
  DocumentWatermark,
  Position,
  RemoteListener,
  ShippedEvent,
  Transport,
} from './transport/transport.ts';
