/** Limits a source to its first records, and reports whether there are more. */
import type { OpenSource, RawRecord } from './source.ts';

export function firstOf(open: OpenSource, count: number): OpenSource {
  let isCut = false;

  async function* records(): AsyncGenerator<readonly RawRecord[]> {
    let left = count;
    for await (const chunk of open.records) {
      // the chunk after the last record shows whether there are more
      isCut = chunk.length > left;
      yield chunk.slice(0, left);
      left -= chunk.length;
      if (isCut) {
        return;
      }
    }
  }

  return {
    ...open,
    ...(open.count === undefined ? {} : { count: Math.min(open.count, count) }),
    records: records(),
    isCut: () => isCut,
  };
}
