/**
 * The contract of the event envelope, which is everything but the payload. Relays publish, and central reads, only events that satisfy it.
 */
import { canonicalInstant } from '../../shared/time/instant.ts';
import type { ShippedEvent } from '../transport/transport.ts';

/** The maximum size of a payload in UTF-8: more than an order has that reaches all its limits. */
export const MAX_PAYLOAD_BYTES = 131_072;

/** The maximum number of characters of an event id, an aggregate name, and an event type. */
export const MAX_NAME_CHARACTERS = 100;

/** An unvalidated event, which any program may have written. */
export type GivenEvent = { readonly [Property in keyof ShippedEvent]: unknown } & {
  /** The size of a payload that was not read because it is too large. */
  readonly payloadBytes?: number;
};

/** What is wrong with the envelope of an event, without a full stop; `undefined` if it satisfies the contract. */
export function envelopeProblem(event: GivenEvent): string | undefined {
  const { eventId, seq, type, schemaVersion, aggregate, aggregateId, aggregateVersion, payload, occurredAt } = event;
  const { payloadBytes = typeof payload === 'string' ? Buffer.byteLength(payload) : 0 } = event;
  for (const [what, value] of Object.entries({ 'event id': eventId, aggregate, type })) {
    if (!isName(value)) {
      return `${what} ${quoted(value)} has to be text of 1 to ${MAX_NAME_CHARACTERS} characters, none of them a control character`;
    }
  }
  const numbers = { seq, 'schema version': schemaVersion, 'aggregate id': aggregateId, version: aggregateVersion };
  for (const [what, value] of Object.entries(numbers)) {
    if (!Number.isSafeInteger(value) || (value as number) < 1) {
      return `${what} ${quoted(value)} has to be a whole number from 1 to ${Number.MAX_SAFE_INTEGER}`;
    }
  }
  if (typeof occurredAt !== 'string' || canonicalInstant(occurredAt) !== occurredAt) {
    return `time ${quoted(occurredAt)} has to be UTC, written as 2026-01-31T12:00:00.000Z`;
  }
  if (payloadBytes > MAX_PAYLOAD_BYTES) {
    return tooLarge(payloadBytes);
  }
  return typeof payload === 'string' ? undefined : 'the payload is not text';
}

/** The problem of a payload that is too large. */
export function tooLarge(bytes: number): string {
  return `the payload has ${bytes.toLocaleString('en')} bytes, and can have at most ${MAX_PAYLOAD_BYTES.toLocaleString('en')}`;
}

export function isName(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value !== '' &&
    value.length <= MAX_NAME_CHARACTERS &&
    value.isWellFormed() &&
    !/\p{Cc}/u.test(value)
  );
}

const MAX_QUOTED = 60;

function quoted(value: unknown): string {
  const text = typeof value === 'string' ? value : String(value);
  return JSON.stringify(text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text);
}
