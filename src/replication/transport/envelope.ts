/** The contract of an event around its payload: relays publish no other event, and central reads no other. */
import { parseJson } from '../../shared/json/parse.ts';
import { canonicalInstant } from '../../shared/time/instant.ts';
import { MAX_PAYLOAD_BYTES } from '../events/limits.ts';
import type { ShippedEvent } from './transport.ts';

/** The greatest epoch: what the subject of an event can say. */
export const MAX_EPOCH = 999_999_999_999_999;

/** How much greater than the last known one an epoch can be. An epoch begins after a restore or a command, so this is out of reach. */
const MAX_EPOCH_STEP = 1_000_000;

/**
 * Whether a region can have reached an epoch. One that is out of reach was made up: if central took it, nothing that the region
 * publishes would count any more.
 *
 * @param known the epoch in which central last knew the region; nothing of a region that it has never heard of
 */
export function isReachableEpoch(known: number | undefined, epoch: number): boolean {
  return epoch >= 1 && epoch <= (known ?? 0) + MAX_EPOCH_STEP;
}

/** Characters of an event id, of the name of an aggregate, and of what has happened to it. */
export const MAX_NAME_CHARACTERS = 100;

/** The aggregate of an event that stands for one that breaks the contract. */
const UNREADABLE = 'unreadable';

/** An event as anyone may have written it. */
export type GivenEvent = { readonly [Property in keyof ShippedEvent]: unknown } & {
  /** Of a payload that was not read, for it is too large. */
  readonly payloadBytes?: number;
};

/** What is wrong with the envelope of an event, without a full stop; nothing when the event keeps the contract. */
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

/** The same of the payload alone. */
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

/**
 * The event that a relay publishes in place of one that breaks the contract: central receives it as any other event, cannot read it,
 * and keeps the reason as a dead letter. Otherwise its sequence number would be missing in central for ever.
 *
 * @param eventId taken if that of the event is broken
 */
export function standInFor(given: GivenEvent, seq: number, eventId: string, problem: string): ShippedEvent {
  const shown = Object.entries(given).map(([name, value]) => [name, String(value).slice(0, MAX_SHOWN).toWellFormed()]);
  return {
    eventId: isName(given.eventId) ? given.eventId : eventId,
    seq,
    type: UNREADABLE,
    schemaVersion: 1,
    aggregate: UNREADABLE,
    aggregateId: 1,
    aggregateVersion: 1,
    payload: JSON.stringify({ problem, event: Object.fromEntries(shown) }),
    occurredAt: NO_TIME,
  };
}

/** Why the event that this one stands for was not published, without a full stop; nothing for any other event. */
export function standInProblem({
  aggregate,
  payload,
}: Pick<ShippedEvent, 'aggregate' | 'payload'>): string | undefined {
  if (aggregate !== UNREADABLE) {
    return undefined;
  }
  const [, problem] = /^\{"problem":("(?:[^"\\]|\\.){1,2000}")/.exec(payload) ?? [];
  return problem === undefined ? 'the relay could not read it, and does not say why' : (parseJson(problem) as string);
}

/** Of each value, so much helps to find the event. */
const MAX_SHOWN = 500;

/** Before all events whose times are known. */
const NO_TIME = '1970-01-01T00:00:00.000Z';
