/** An event as a message, and back: the payload is the message's, all else is in its subject and headers. */
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
 * In one header, for each costs time in every process on the way, and none of the values has a space in it: event id, schema version,
 * aggregate id, aggregate version, time, the region's newest sequence number, how many events of the batch come after this one, and what the epoch builds on.
 */
const EVENT = 'Meridian-Event';

/**
 * The span in which the change was made, in the header that W3C names and tools look for. It is a header of its own, so that a central that does
 * not know it reads the event all the same.
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
 * @param stream the one that has to store it; any that takes its subject where the name is not known
 * @param isChained whether JetStream is to take it only right after the event before it, so that no event is stored behind one
 *   that was refused
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
  /** Events of the same batch that come after it. */
  readonly left: number;
  readonly event: ShippedEvent;
}

/**
 * @param payload called unless it is too large, so that no event that waits for central is larger than relays publish
 * @returns nothing for a message that no relay has published
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
  // not every database could store what is no name, not even as a dead letter
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

/** Whatever else is in the header, the event counts. */
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

/** The sequence number of a stored message; nothing for one that no relay has published. */
export function seqOfHeaders(given: MsgHdrs | undefined): number | undefined {
  return seqOfMessageId(given?.get(MESSAGE_ID) ?? '');
}
