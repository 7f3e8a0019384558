/** The event of a region: the completion of a snapshot. */
import {
  type EventBody,
  type EventContract,
  MAX_EPOCH,
  type NewEvent,
  newEvent,
  readPayload,
  UnreadableError,
} from '../../../replication/index.ts';

/** `snapshot-completed`: the region has sent everything again, so data that central has only from earlier epochs no longer exists. */
export type RegionChange = 'snapshot-completed';

export interface SnapshotPayload {
  /** The epoch of the snapshot. */
  readonly epoch: number;
}

export const regionContract: EventContract<{ readonly kind: 'snapshot-completed'; readonly epoch: number }> = {
  aggregate: 'region',
  schemaVersion: 1,
  decode: (event) => ({ kind: 'snapshot-completed', ...readSnapshot(event) }),
};

export function regionEvent(type: RegionChange, payload: SnapshotPayload, occurredAt: string): NewEvent {
  return newEvent(regionContract, { id: payload.epoch, version: 1, type, occurredAt }, payload);
}

function readSnapshot(event: EventBody): SnapshotPayload {
  const { epoch } = readPayload(event);
  if (event.type !== 'snapshot-completed' || !isEpoch(epoch) || epoch !== event.aggregateId) {
    throw new UnreadableError(`an event ${event.type} of a region is not known here`);
  }
  return { epoch };
}

function isEpoch(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= MAX_EPOCH;
}
