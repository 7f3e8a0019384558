/** The health of central and of the document store, with advice. */
import { countOf, type Point, pointsOf, type Received, type Verdict } from '../../page/module-values.ts';

export interface RegionInCentral {
  readonly epoch: number;
  readonly seq: number;
  readonly headSeq: number;
  readonly deadLetters: number;
}

export interface Central {
  readonly isThere: boolean;
  readonly regions: Readonly<Record<string, RegionInCentral>>;
  readonly waitingDocuments: number;
  readonly refusedDocuments: number;
}

export interface DocumentStore {
  readonly store: {
    readonly isThere: boolean;
    readonly documents: number | null;
    readonly componentLists: number | null;
    readonly error: string | null;
  };
}

/** The state of a store in the stream. */
export interface Known<T> {
  readonly value?: T;
  readonly error?: string;
}

export function centralVerdict({ value, error }: Known<Central>): Verdict {
  if (error !== undefined) {
    return { health: 'unknown', advice: error };
  }
  if (value === undefined) {
    return { health: 'unknown', advice: 'Reading …' };
  }
  if (!value.isThere) {
    return { health: 'missing', advice: 'It does not exist yet. The first npx meridian sync makes it.' };
  }
  const deadLetters = deadLettersIn(value);
  if (deadLetters > 0) {
    return {
      health: 'failing',
      advice: `It could not apply ${countOf(deadLetters, 'event')}. Retry or discard ${deadLetters === 1 ? 'it' : 'them'} under Dead letters.`,
    };
  }
  const gaps = Object.entries(value.regions).filter(([, { seq, headSeq }]) => seq < headSeq);
  return gaps.length === 0
    ? { health: 'well', advice: '' }
    : { health: 'behind', advice: `Events of ${gaps.map(([name]) => name).join(', ')} are on their way.` };
}

export function documentsVerdict(store: Known<DocumentStore>, central: Central | undefined): Verdict {
  const { error = store.value?.store.error ?? null } = store;
  if (error !== null) {
    return { health: 'failing', advice: error };
  }
  if (store.value === undefined) {
    return { health: 'unknown', advice: 'Reading …' };
  }
  if (!store.value.store.isThere) {
    return { health: 'missing', advice: 'It does not exist yet. The first npx meridian sync makes it.' };
  }
  const { waitingDocuments = 0, refusedDocuments = 0 } = central ?? {};
  if (refusedDocuments > 0) {
    return {
      health: 'failing',
      advice: `It does not take ${countOf(refusedDocuments, 'document')}. See why with npx meridian documents status.`,
    };
  }
  return waitingDocuments === 0
    ? { health: 'well', advice: '' }
    : {
        health: 'behind',
        advice:
          waitingDocuments === 1
            ? '1 document waits in central. Ship now to store it.'
            : `${countOf(waitingDocuments, 'document')} wait in central. Ship now to store them.`,
      };
}

/** The number of dead letters in central. */
export function deadLettersIn(central: Central | undefined): number {
  return Object.values(central?.regions ?? {}).reduce((sum, one) => sum + one.deadLetters, 0);
}

/** The number of events that central has applied over time, of one region or of all. */
export function appliedOf(history: readonly Received[], region?: string): readonly Point[] {
  return pointsOf(history, (state) => {
    const { regions } = (state ?? {}) as Partial<Central>;
    if (regions === undefined) {
      return null;
    }
    return region === undefined ? appliedIn({ regions }) : (regions[region]?.seq ?? 0);
  });
}

export function appliedIn({ regions }: Pick<Central, 'regions'>): number {
  return Object.values(regions).reduce((sum, one) => sum + one.seq, 0);
}
