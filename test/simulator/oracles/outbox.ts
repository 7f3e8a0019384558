/**
 * The sequence numbers of an outbox have no gaps, an event changes its number only with a new epoch, and an event leaves the outbox only
 * once central has it.
 */

import { regionOfDatabase } from '../plan.ts';
import type { CommitOracle, RelayStateRow } from './oracle.ts';

interface NumberedEvent {
  readonly id: string;
  readonly epoch: number | null;
  readonly seq: number | null;
  /** Of a load: until that is verified, the event has no sequence number, and may be deleted with its row. */
  readonly run: string | null;
}

const EVENTS = 'select event_id as id, epoch, seq, run from outbox_event order by epoch, seq';

export const outboxOracle = (): CommitOracle => {
  /** Database -> the events of its outbox. */
  const known = new Map<string, Map<string, NumberedEvent>>();
  /** Ids of events that central has ever had. */
  const arrived = new Set<string>();
  return {
    name: 'outbox',
    tables: ['outbox_event', 'inbox_event', 'relay_state'],
    check(views, { database, relayState }) {
      if (database === 'central') {
        for (const { id } of views.rows<{ id: string }>(database, 'select event_id as id from inbox_event')) {
          arrived.add(id);
        }
        return undefined;
      }
      if (regionOfDatabase(database) === undefined) {
        return undefined;
      }
      const before = known.get(database) ?? new Map<string, NumberedEvent>();
      const events = views.rows<NumberedEvent>(database, EVENTS);
      const now = new Map(events.map((event) => [event.id, event]));
      known.set(database, now);
      return (
        gapIn(database, relayState(), events) ??
        renumbered(database, before, events) ??
        left(database, before, now, arrived)
      );
    },
    restored(database) {
      known.delete(database);
    },
  };
};

function gapIn(
  database: string,
  { epoch: current, next }: RelayStateRow,
  events: readonly NumberedEvent[],
): string | undefined {
  let last: NumberedEvent | undefined;
  for (const event of events) {
    const { epoch, seq } = event;
    if (epoch === null || seq === null) {
      continue;
    }
    if (last?.epoch === epoch && seq !== (last.seq ?? 0) + 1) {
      return `${database}: event ${seq} of epoch ${epoch} follows on ${last.seq}`;
    }
    last = event;
  }
  return last !== undefined && last.epoch === current && last.seq !== next - 1
    ? `${database}: the last event of epoch ${current} is ${last.seq}, and the next one is to be ${next}`
    : undefined;
}

function renumbered(
  database: string,
  before: ReadonlyMap<string, NumberedEvent>,
  events: readonly NumberedEvent[],
): string | undefined {
  for (const { id, epoch, seq } of events) {
    const last = before.get(id);
    if (last?.seq != null && seq !== null && (last.epoch !== epoch || last.seq !== seq)) {
      if ((epoch ?? 0) <= (last.epoch ?? 0)) {
        return `${database}: event ${id} was ${last.epoch}/${last.seq} and is ${epoch}/${seq}`;
      }
    }
  }
  return undefined;
}

function left(
  database: string,
  before: ReadonlyMap<string, NumberedEvent>,
  now: ReadonlyMap<string, NumberedEvent>,
  arrived: ReadonlySet<string>,
): string | undefined {
  for (const { id, epoch, seq, run } of before.values()) {
    const isWithheld = run !== null && seq === null;
    if (!isWithheld && !now.has(id) && !arrived.has(id)) {
      return `${database}: event ${epoch}/${seq} (${id}) has left the outbox, and central never had it`;
    }
  }
  return undefined;
}
