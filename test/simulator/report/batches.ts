/** What has become of each batch that a relay has published. */
import type { TraceEntry } from '../kernel/trace.ts';

export interface BatchArrow {
  readonly from: TraceEntry;
  /** When central had it; nothing for one that never came. */
  readonly to: TraceEntry | undefined;
  /** `known`: central had all of it before. */
  readonly fate: 'applied' | 'known' | 'lost';
}

export function batchArrows(entries: readonly TraceEntry[]): BatchArrow[] {
  const taken = entries.filter(({ kind }) => kind === 'taken');
  return entries
    .filter(({ kind }) => kind === 'published')
    .map((from): BatchArrow => {
      const same = taken.filter((one) => hasFirstOf(one, from));
      const to = same.find(({ at }) => at >= from.at);
      const isKnown = same.some(({ at }) => at < from.at);
      return { from, to, fate: to === undefined ? 'lost' : isKnown ? 'known' : 'applied' };
    });
}

function hasFirstOf({ data: taken = {} }: TraceEntry, { data: published = {} }: TraceEntry): boolean {
  const first = Number(published['first']);
  return (
    taken['region'] === published['region'] &&
    taken['epoch'] === published['epoch'] &&
    Number(taken['first']) <= first &&
    first <= Number(taken['last'])
  );
}
