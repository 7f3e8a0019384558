/** Generated data as a source that a populate loads, without a file in between. */
import type { OpenSource, RawRecord, Source } from '../populate/read/source.ts';
import { type Dataset, datasetOf } from './dataset.ts';
import { checkSpec, type GeneratedSpec } from './spec.ts';

const CHUNK_RECORDS = 4096;

/**
 * @param database one that has a generator
 * @returns a source of `spec.count` records, named such as "1,000 generated users (seed 7)"; opening it again gives the
 *   same records
 * @throws MeridianError `usage` for a number that is out of range; `open` does for a database without a generator
 */
export function generatedSource(database: string, spec: GeneratedSpec): Source {
  checkSpec(spec);
  return {
    name: `${spec.count.toLocaleString('en')} generated ${database} (seed ${spec.seed})`,
    open: async () => openDataset(await datasetOf(database, spec)),
  };
}

/** @param chunkRecords at most so many records are given at a time */
export function openDataset(dataset: Dataset, chunkRecords = CHUNK_RECORDS): OpenSource {
  const { count } = dataset.spec;
  let given = 0;
  return {
    columns: dataset.domain.columns,
    records: (async function* () {
      while (given < count) {
        const from = given + 1;
        given = Math.min(count, given + chunkRecords);
        yield recordsOf(dataset, from, given);
      }
    })(),
    // there are no bytes, but what is told of it is the share that has been read
    progress: () => ({ bytesRead: given, bytesTotal: count }),
    close: async () => undefined,
  };
}

/** The records with these numbers, both ends included. */
export function recordsOf({ domain, fields }: Dataset, from: number, to: number): RawRecord[] {
  const records: RawRecord[] = [];
  for (let number = from; number <= to; number++) {
    records.push(rawRecord(number, domain.columns, fields(number)));
  }
  return records;
}

/** As the reader of a file with a header would give it. */
function rawRecord(number: number, columns: readonly string[], fields: readonly string[]): RawRecord {
  const record: Record<string, string> = {};
  for (let index = 0; index < columns.length; index++) {
    record[columns[index] as string] = fields[index] as string;
  }
  return { number, line: number + 1, record };
}
