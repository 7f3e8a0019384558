/** An event as a region writes it, and the contract that its writers and its readers share. */
import { newId } from '../../shared/ids.ts';
import { activeTraceparent } from '../../shared/tracing/traceparent.ts';
import type { OutboxEvent } from '../outbox/outbox-event.entity.ts';

/** An event that is still to be written: its sequence number is not known yet. */
export type NewEvent = Omit<OutboxEvent, 'id' | 'epoch' | 'seq' | 'traceparent'> & { readonly traceparent?: string };

/** What an event says, without how it got there. */
export type EventBody = Pick<
  NewEvent,
  'type' | 'schemaVersion' | 'aggregate' | 'aggregateId' | 'aggregateVersion' | 'payload'
>;

/**
 * The contract of the events about one kind of thing. The module that declares it encodes what is written and decodes what is read, so
 * that whatever a writer accepts, every reader accepts.
 */
export interface EventContract<Content> {
  /** What the events are about. */
  readonly aggregate: string;
  /** Grows when a reader of the version before could not understand a payload any more. */
  readonly schemaVersion: number;
  /** @throws UnreadableError with the reason, without a full stop */
  decode(event: EventBody): Content;
}

/** What has happened to which version of a thing. */
export interface Change {
  readonly id: number;
  readonly version: number;
  /** `placed`, `sold`, … */
  readonly type: string;
  /** When; ISO 8601, UTC. */
  readonly occurredAt: string;
  /** The load that wrote it, which withholds it until it is verified. */
  readonly run?: string | null;
}

/**
 * An event of the change that is made now: where OpenTelemetry records spans, it names the active one.
 *
 * @param payload the thing after the change, whole
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
