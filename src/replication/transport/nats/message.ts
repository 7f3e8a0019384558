/** Converts events to messages and back: the payload is that of the message, everything else is in its subject and headers. */
import { headers, type MsgHdrs } from '@nats-io/transport-node';
import { isTraceparent } from '../../../shared/tracing/traceparent.ts';
import { isName, MAX_PAYLOAD_BYTES, tooLarge } from '../../events/envelope.ts';
import type { EpochBase } from '../../events/epoch.ts';
import { standInFor } from '../../events/stand-in.ts';
import type { Batch, ShippedEvent } from '../transport.ts';
import { eventSubject, fromToken, messageId, readSubject, seqOfMessageId, toToken } from './names.ts';

const MESSAGE_ID = 'Nats-Msg-Id';
const EXPECTED_LAST_ID = 'Nats-Expected-Last-Msg-Id';
const EXPECTED_STREAM = 'Nats-Expected-Stream';

/**
 * A single header for all metadata, since each header costs time in every process on the way. None of the values has a space: event id,
 * schema version,
 * aggregate id, aggregate version, time, the region's newest sequence number, the number of events of the batch after this one, and the
 * base of the epoch.
 */
const EVENT = 'Meridian-Event';

/**
 * The span in which the change was made, in the header of the W3C Trace Context, which tools look for. It is a separate header, so that a
 * central that does not support it can still read the event.
 */
const TRACEPARENT = 'traceparent';

/** ISO 8601, UTC, as `Date.prototype.toISOString` writes it. */
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

export interface Message {
  readonly subject: string;
  readonly headers: MsgHdrs;
  readonly payload: string;
}

/**
 * @param index of the event in the batch
 * @param stream the stream that must store the message; without it, any stream of its subject
 * @param isChained whether JetStream must store the event only directly after the previous one, so that no event is stored after a refused
 *   one
 */
export function toMessage(batch: Batch, index: number, stream: string | undefined, isChained: boolean): Message {
  const { region, epoch, headSeq, base, events } = batch;
  const event = events[index] as ShippedEvent;
  const of = headers();
  of.append(MESSAGE_ID, messageId(region, epoch, event));
  const before = events[index - 1];
  if (isChained && before !== undefined) {
    of.append(EXPECTED_LAST_ID, messageId(region, epoch, before));
  } else if (stream !== undefined) {
    of.append(EXPECTED_STREAM, stream);
  }
  const left = events.length - 1 - index;
  const { schemaVersion, aggregateId, aggregateVersion, occurredAt } = event;
  const fields = [toToken(event.eventId), schemaVersion, aggregateId, aggregateVersion, occurredAt, headSeq, left];
  of.append(EVENT, (base === undefined ? fields : [...fields, baseText(base)]).join(' '));
  if (event.traceparent !== undefined) {
    of.append(TRACEPARENT, event.traceparent);
  }
  return { subject: eventSubject(region, epoch, event), headers: of, payload: event.payload };
}

export interface ReceivedEvent {
  readonly region: string;
  readonly epoch: number;
  readonly headSeq: number;
  readonly base?: EpochBase;
  /** The number of events of the same batch after this one. */
  readonly left: number;
  readonly event: ShippedEvent;
}

/**
 * @param payload reads the payload; not called if it is too large, so that no waiting event is larger than those that relays publish
 * @returns `undefined` for a message that no relay has published
 */
export function readMessage(
  subject: string,
  given: MsgHdrs | undefined,
  payload: () => string,
  payloadBytes = 0,
): ReceivedEvent | undefined {
  const parts = readSubject(subject);
  const seq = seqOfHeaders(given);
  const [idToken = '', schema, id, version, occurredAt = '', head, rest, of] = given?.get(EVENT).split(' ') ?? [];
  const eventId = fromToken(idToken);
  const base = of === undefined ? undefined : readBase(of);
  const [schemaVersion, aggregateId, aggregateVersion] = [Number(schema), Number(id), Number(version)];
  const [headSeq, left] = [Number(head), Number(rest)];
  const isWhole = [seq, schemaVersion, aggregateId, aggregateVersion, headSeq, left].every(Number.isSafeInteger);
  const isOdd = !isWhole || !INSTANT.test(occurredAt) || base === 'unreadable';
  if (parts === undefined || seq === undefined || isOdd) {
    return undefined;
  }
  const { region, epoch, aggregate, type } = parts;
  // some databases could not store an invalid name, not even in a dead letter
  if (![eventId, aggregate, type].every(isName)) {
    return undefined;
  }
  const envelope = { eventId, seq, type, schemaVersion, aggregate, aggregateId, aggregateVersion, occurredAt };
  const event =
    payloadBytes > MAX_PAYLOAD_BYTES
      ? standInFor({ ...envelope, payload: '', payloadBytes }, seq, eventId, tooLarge(payloadBytes))
      : { ...envelope, payload: payload(), ...traceOf(given) };
  return { region, epoch, headSeq, ...(base === undefined ? {} : { base }), left, event };
}

/** The trace context; an invalid header is ignored. */
function traceOf(given: MsgHdrs | undefined): Pick<ShippedEvent, 'traceparent'> {
  const traceparent = given?.get(TRACEPARENT);
  return isTraceparent(traceparent) ? { traceparent } : {};
}

function baseText({ epoch, seq, headSeq }: EpochBase): string {
  return `${epoch}:${seq}:${headSeq}`;
}

function readBase(text: string): EpochBase | 'unreadable' {
  const parts = /^(\d{1,15}):(\d{1,15}):(\d{1,15})$/.exec(text);
  return parts === null ? 'unreadable' : { epoch: Number(parts[1]), seq: Number(parts[2]), headSeq: Number(parts[3]) };
}

/** The sequence number of a stored message; `undefined` for a message that no relay has published. */
export function seqOfHeaders(given: MsgHdrs | undefined): number | undefined {
  return seqOfMessageId(given?.get(MESSAGE_ID) ?? '');
}
