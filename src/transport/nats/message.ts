/** An event as a message, and back: the payload is the message's, all else is in its subject and headers. */
import { headers, type MsgHdrs } from '@nats-io/transport-node';
import type { Batch, ShippedEvent } from '../transport.ts';
import { eventSubject, messageId, readSubject, seqOfMessageId } from './names.ts';

const MESSAGE_ID = 'Nats-Msg-Id';
const EXPECTED_LAST_ID = 'Nats-Expected-Last-Msg-Id';
const EXPECTED_STREAM = 'Nats-Expected-Stream';

const EVENT_ID = 'Meridian-Event-Id';
const SCHEMA_VERSION = 'Meridian-Schema-Version';
const AGGREGATE_ID = 'Meridian-Aggregate-Id';
const AGGREGATE_VERSION = 'Meridian-Aggregate-Version';
const OCCURRED_AT = 'Meridian-Occurred-At';
const HEAD_SEQ = 'Meridian-Head-Seq';
/** Events of the batch that come after this one, so that central knows what to wait for. */
const LEFT = 'Meridian-Left';

export interface Message {
  readonly subject: string;
  readonly headers: MsgHdrs;
  readonly payload: string;
}

/**
 * @param index of the event in the batch
 * @param isChained whether JetStream is to take it only right after the event before it, so that no event is stored behind one
 *   that was refused
 */
export function toMessage(batch: Batch, index: number, stream: string, isChained: boolean): Message {
  const { region, epoch, headSeq, events } = batch;
  const event = events[index] as ShippedEvent;
  const of = headers();
  of.append(MESSAGE_ID, messageId(region, epoch, event.seq));
  of.append(EXPECTED_STREAM, stream);
  const before = events[index - 1];
  if (isChained && before !== undefined) {
    of.append(EXPECTED_LAST_ID, messageId(region, epoch, before.seq));
  }
  of.append(EVENT_ID, event.eventId);
  of.append(SCHEMA_VERSION, String(event.schemaVersion));
  of.append(AGGREGATE_ID, String(event.aggregateId));
  of.append(AGGREGATE_VERSION, String(event.aggregateVersion));
  of.append(OCCURRED_AT, event.occurredAt);
  of.append(HEAD_SEQ, String(headSeq));
  of.append(LEFT, String(events.length - 1 - index));
  return { subject: eventSubject(region, epoch, event), headers: of, payload: event.payload };
}

export interface ReceivedEvent {
  readonly region: string;
  readonly epoch: number;
  readonly headSeq: number;
  /** Events of the same batch that come after it. */
  readonly left: number;
  readonly event: ShippedEvent;
}

/** @returns nothing for a message that no relay has published */
export function readMessage(
  subject: string,
  given: MsgHdrs | undefined,
  payload: () => string,
): ReceivedEvent | undefined {
  const parts = readSubject(subject);
  const seq = seqOfMessageId(given?.get(MESSAGE_ID) ?? '');
  const eventId = given?.get(EVENT_ID);
  if (parts === undefined || given === undefined || seq === undefined || !eventId) {
    return undefined;
  }
  const number = (name: string) => Number(given.get(name) || Number.NaN);
  const { region, epoch, aggregate, type } = parts;
  const [schemaVersion, aggregateId] = [number(SCHEMA_VERSION), number(AGGREGATE_ID)];
  const [aggregateVersion, headSeq, left] = [number(AGGREGATE_VERSION), number(HEAD_SEQ), number(LEFT)];
  const numbers = [schemaVersion, aggregateId, aggregateVersion, headSeq, left];
  if (!numbers.every((value) => Number.isSafeInteger(value))) {
    return undefined;
  }
  return {
    region,
    epoch,
    headSeq,
    left,
    event: {
      eventId,
      seq,
      type,
      schemaVersion,
      aggregate,
      aggregateId,
      aggregateVersion,
      payload: payload(),
      occurredAt: given.get(OCCURRED_AT),
    },
  };
}

/** The place of a stored message; nothing for one that no relay has published. */
export function seqOfHeaders(given: MsgHdrs | undefined): number | undefined {
  return seqOfMessageId(given?.get(MESSAGE_ID) ?? '');
}
