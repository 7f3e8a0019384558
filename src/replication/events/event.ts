/** Events as regions write them, and the contract that writers and readers share. */
import { newId } from '../../shared/ids.ts';
import { activeTraceparent } from '../../shared/tracing/traceparent.ts';
import type { OutboxEvent } from '../outbox/outbox-event.entity.ts';

/** An event to be written, which has no sequence number yet. */
export type NewEvent = Omit<OutboxEvent, 'id' | 'epoch' | 'seq' | 'traceparent'> & { readonly traceparent?: string };

/** The content of an event, without delivery metadata. */
export type EventBody = Pick<
  NewEvent,
  'type' | 'schemaVersion' | 'aggregate' | 'aggregateId' | 'aggregateVersion' | 'payload'
>;

/**
 * The contract of the events about one aggregate. The same module encodes and decodes them, so that readers accept whatever writers accept.
 */
export interface EventContract<Content> {
  /** The aggregate that the events are about. */
  readonly aggregate: string;
  /** Incremented when readers of the previous version cannot read the payload any more. */
  readonly schemaVersion: number;
  /** @throws UnreadableError with the reason, without a full stop */
  decode(event: EventBody): Content;
}

/** A change of an aggregate. */
export interface Change {
  readonly id: number;
  readonly version: number;
  /** `placed`, `sold`, … */
  readonly type: string;
  /** The time of the change: ISO 8601, UTC. */
  readonly occurredAt: string;
  /** The load that made the change; its events are withheld until it is verified. */
  readonly run?: string | null;
}

/**
 * Makes the event of a change. Where OpenTelemetry records spans, the event has the trace context of the active one.
 *
 * @param payload the complete aggregate after the change
 */
export function newEvent(
  { aggregate, schemaVersion }: Pick<EventContract<unknown>, 'aggregate' | 'schemaVersion'>,
  { id, version, type, occurredAt, run = null }: Change,
  payload: object,
): NewEvent {
  const traceparent = activeTraceparent();
  return {
    eventId: newId(),
    aggregate,
    aggregateId: id,
    aggregateVersion: version,
    type,
    schemaVersion,
    payload: JSON.stringify(payload),
    occurredAt,
    run,
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}
