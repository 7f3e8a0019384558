/** Generated data as the source of a populate, without a file. */
import { FieldRecord } from '../populate/read/field-record.ts';
import type { OpenSource, RawRecord, Source } from '../populate/read/source.ts';
import { type Dataset, datasetOf } from './dataset.ts';
import { type DatabaseGenerator, findGenerator } from './generator.ts';
import { checkSpec, type GeneratedSpec } from './spec.ts';

const CHUNK_RECORDS = 4096;

/** Incremented with every change that makes the same seed give other records. */
const GENERATOR_VERSION = 3;

/**
 * @param database a database with a generator
 * @returns a source of `spec.count` records, named such as "1,000 generated users (seed 7)"; opening it again gives the
 *   same records
 * @throws MeridianError `usage` for a database without a generator, or a number that is out of range
 */
export function generatedSource(
  generators: readonly DatabaseGenerator[],
  database: string,
  spec: GeneratedSpec,
): Source {
  const { module } = findGenerator(generators, database);
  return sourceFrom({ module, database, spec });
}

interface GeneratedArgument {
  /** The URL of the module that exports the generators. */
  readonly module: string;
  readonly database: string;
  readonly spec: GeneratedSpec;
}

/** Creates the source again from its `spec`, in any thread. @public imported by the name of its module */
export function sourceFrom(argument: GeneratedArgument): Source {
  const { module, database, spec } = argument;
  checkSpec(spec);
  return {
    name: `${spec.count.toLocaleString('en')} generated ${database} (seed ${spec.seed})`,
    spec: { module: import.meta.url, argument },
    async open() {
      const { generators } = (await import(module)) as { generators: readonly DatabaseGenerator[] };
      return openDataset(await datasetOf(generators, database, spec));
    },
    content: async () => JSON.stringify({ database, ...spec, generator: GENERATOR_VERSION }),
  };
}

/**
 * @param chunkRecords the maximum number of records in a chunk
 *
 * @internal exported for tests
 */
export function openDataset(dataset: Dataset, chunkRecords = CHUNK_RECORDS): OpenSource {
  const { count } = dataset.spec;
  let given = 0;
  return {
    columns: dataset.domain.columns,
    count,
    records: (async function* () {
      while (given < count) {
        const from = given + 1;
        given = Math.min(count, given + chunkRecords);
        yield recordsOf(dataset, from, given);
      }
    })(),
    // records instead of bytes: only the ratio is shown
    progress: () => ({ bytesRead: given, bytesTotal: count }),
    close: async () => undefined,
  };
}

/**
 * The records with these numbers, both ends included.
 *
 * @internal exported for tests
 */
export function recordsOf({ domain, fields }: Dataset, from: number, to: number): RawRecord[] {
  const records: RawRecord[] = [];
  for (let number = from; number <= to; number++) {
    // line numbers as in a file with a header
    records.push(new FieldRecord(number, number + 1, domain.columns, fields(number)));
  }
  return records;
}
