/** Reads the first records of a source when it is opened, so that a file of another format is rejected before anything is loaded. */
import type { OpenSource, RawRecord } from './source.ts';
import type { TextInput } from './text.ts';

/** @throws the fault of the first records */
export async function openRecords(input: TextInput, records: AsyncGenerator<RawRecord[]>): Promise<OpenSource> {
  let first = await records.next();
  while (!first.done && first.value.length === 0) {
    first = await records.next();
  }
  return {
    columns: undefined,
    records: (async function* () {
      if (!first.done) {
        yield first.value;
        yield* records;
      }
    })(),
    progress: input.progress,
    charactersRead: input.charactersRead,
    close: input.close,
  };
}
