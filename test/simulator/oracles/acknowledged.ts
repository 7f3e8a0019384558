/** A region counts an event as arrived only once central has had it, and all events before it. */
import type { Views } from '../parts/views.ts';
import { regionOfDatabase } from '../plan.ts';
import type { CommitOracle } from './oracle.ts';

interface Reached {
  readonly region: string;
  readonly epoch: number;
  readonly seq: number;
}

/**
 * What central has ever had of an epoch. A central that was restored may get later events before those that it has lost, which their relay
 * sends again once it has asked; it has had them all.
 */
class Arrived {
  /** All up to this one. */
  #upTo = 0;
  readonly #later = new Set<number>();

  get upTo(): number {
    return this.#upTo;
  }

  /** @param all whether all before it have arrived as well */
  add(seq: number, all: boolean): void {
    if (all) {
      this.#upTo = Math.max(this.#upTo, seq);
    } else if (seq > this.#upTo) {
      this.#later.add(seq);
    }
    while (this.#later.delete(this.#upTo + 1)) {
      this.#upTo++;
    }
  }
}

export const acknowledgedOracle = (): CommitOracle => {
  /** "region epoch" -> what has arrived. */
  const arrived = new Map<string, Arrived>();
  const of = ({ region, epoch }: Pick<Reached, 'region' | 'epoch'>) => {
    const key = `${region} ${epoch}`;
    const known = arrived.get(key) ?? new Arrived();
    arrived.set(key, known);
    return known;
  };
  const noteCentral = (views: Views) => {
    for (const row of views.rows<Reached>('central', 'select region, epoch, seq from region_cursor')) {
      of(row).add(row.seq, true);
    }
    for (const row of views.rows<Reached>('central', 'select region, epoch, seq from inbox_event order by seq')) {
      of(row).add(row.seq, false);
    }
  };
  return {
    name: 'acknowledged',
    tables: ['relay_state', 'region_cursor', 'inbox_event'],
    check(views, { database, relayState }) {
      if (database === 'central') {
        noteCentral(views);
        return undefined;
      }
      const region = regionOfDatabase(database);
      if (region === undefined) {
        return undefined;
      }
      const { epoch, acked, next } = relayState();
      const { upTo } = of({ region, epoch });
      if (acked >= next) {
        return `${database}: ${acked} of ${next - 1} events of epoch ${epoch} count as arrived`;
      }
      return acked > upTo
        ? `${database}: event ${acked} of epoch ${epoch} counts as arrived, and central never had more than the first ${upTo}`
        : undefined;
    },
  };
};
