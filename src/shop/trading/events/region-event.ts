/** The event that says something of all that a region holds. */
import {
  type EventBody,
  type NewEvent,
  newEvent,
  readPayload,
  UnreadableError,
} from '../../../replication/events/event.ts';

/** `snapshot-completed`: everything has come again, so what central has of earlier epochs is no longer there. */
export type RegionChange = 'snapshot-completed';

export interface SnapshotPayload {
  /** The epoch in which it began. */
  readonly epoch: number;
}

export function regionEvent(type: RegionChange, payload: SnapshotPayload, occurredAt: string): NewEvent {
  return newEvent({ aggregate: 'region', aggregateId: payload.epoch, aggregateVersion: 1, type }, payload, occurredAt);
}

/** @throws UnreadableError */
export function readSnapshot(event: EventBody): SnapshotPayload {
  const { epoch } = readPayload(event);
  if (event.type !== 'snapshot-completed' || !Number.isSafeInteger(epoch) || epoch !== event.aggregateId || epoch < 1) {
    throw new UnreadableError(`an event ${event.type} of a region is not known here`);
  }
  return { epoch };
}
