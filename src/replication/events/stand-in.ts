/** The event that a relay publishes in place of one that breaks the contract of the envelope. */
import { parseJson } from '../../shared/json/parse.ts';
import type { ShippedEvent } from '../transport/transport.ts';
import { type GivenEvent, isName } from './envelope.ts';

/** The aggregate of a stand-in. */
const UNREADABLE = 'unreadable';

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
