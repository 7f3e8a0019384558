/** Sources of records that are already in memory. */
import type { RawRecord, Source } from '../../src/populate/read/source.ts';

/** Each record as if it stood on its own line below a header. */
export function sourceOf(records: readonly unknown[], chunkRecords = records.length || 1): Source {
  return streamOf(async function* () {
    for (let from = 0; from < records.length; from += chunkRecords) {
      yield records.slice(from, from + chunkRecords).map((record, index) => rawRecord(record, from + index + 1));
    }
  });
}

export function streamOf(chunks: () => AsyncIterable<readonly RawRecord[]>): Source {
  return {
    name: 'memory',
    open: async () => ({
      columns: undefined,
      records: chunks(),
      progress: () => ({ bytesRead: 0, bytesTotal: undefined }),
      close: async () => undefined,
    }),
  };
}

export function rawRecord(record: unknown, number: number): RawRecord {
  return { number, line: number + 1, record };
}
