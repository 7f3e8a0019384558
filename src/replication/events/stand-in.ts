/** Stand-ins: events that a relay publishes instead of those that violate the contract of the envelope. */
import { parseJson } from '../../shared/json/parse.ts';
import type { ShippedEvent } from '../transport/transport.ts';
import { type GivenEvent, isName } from './envelope.ts';

/** The aggregate of a stand-in. */
const UNREADABLE = 'unreadable';

/**
 * The event that a relay publishes instead of one that violates the contract. Central receives it like any other event, cannot read it, and
 * keeps the reason as a dead letter. Without it, central would wait for the sequence number forever.
 *
 * @param eventId used if the event has an invalid id
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

/** Why the original event of a stand-in was not published, without a full stop; `undefined` for any other event. */
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

/** The maximum number of characters of each value that a stand-in quotes, enough to find the original event. */
const MAX_SHOWN = 500;

/** The time of an event without a valid one; it sorts before all others. */
const NO_TIME = '1970-01-01T00:00:00.000Z';
