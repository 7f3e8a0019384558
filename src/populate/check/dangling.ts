/** Finds the accepted records of a run that the reference check has to reject. */
import type { Values } from '../../database/values.ts';
import type { IdSet } from '../../loads/id-set.ts';
import { decodeIds, decodeNumbered } from '../../loads/outcomes.ts';
import { RunStore } from '../../loads/run-store.ts';
import type { RunRow } from '../../loads/run-tables.ts';
import { MeridianError } from '../../shared/errors.ts';
import type { OpenedLoad } from '../load-state.ts';
import type { Target } from '../participant.ts';
import type { RawRecord } from '../read/source.ts';
import { type EntityShape, toJson } from '../record/shape.ts';
import { validate } from '../record/validate.ts';
import { type Reading, readingOf } from '../rejects/rejected-record.ts';
import { deferredIn, type Kept, keptIn } from '../resume/restore.ts';
import { type RunSettings, settingsIn } from '../resume/run-settings.ts';
import { rowsBefore } from '../resume/stored-rows.ts';
import { over } from '../write/classify.ts';
import type { Accepted, Dangling } from './revert-records.ts';
import type { ErrorsOf } from './rounds.ts';

/** The previous values of a row that was inserted. */
const INSERTED = { before: null };

/** Number of records of a batch to read at a time, since a batch may have many. */
const RECORDS_AT_A_TIME = 5000;

/**
 * Reads the source again, since the rejects file contains each record as it was read.
 *
 * @param rejected numbers of records that the check has already rejected
 * @throws MeridianError `source` if the source has changed since it was loaded
 */
export async function* danglingInSource(
  { table, em, shape }: Target,
  { source, columns }: OpenedLoad,
  rejected: IdSet,
  errorsOf: ErrorsOf,
): AsyncGenerator<readonly Dangling[]> {
  const open = await source.open();
  try {
    const records = new Records(open.records);
    for await (const batch of new RunStore(table).batches(em)) {
      const outcomes = decodeNumbered(batch.outcomes, batch.firstNumber);
      const ids = decodeIds(batch.ids);
      const before = rowsBefore(shape, batch.before);
      let next = 0;
      let raws: readonly RawRecord[] = [];
      let dangling: Dangling[] = [];
      for (const [index, { number, outcome }] of outcomes.entries()) {
        const at = index % RECORDS_AT_A_TIME;
        if (at === 0) {
          yield dangling;
          dangling = [];
          raws = await records.take(Math.min(RECORDS_AT_A_TIME, outcomes.length - index));
        }
        if (outcome === 'rejected') {
          continue;
        }
        const id = ids[next++];
        const raw = raws[at];
        const validated = raw && validate(shape, columns, raw);
        const isAnother = (entity: Values) => {
          const given = shape.primaryKey.of(entity);
          // a record without a key was assigned one
          return given !== id && !(given === undefined && shape.newKey !== undefined);
        };
        if (!validated || !('entity' in validated) || isAnother(validated.entity)) {
          throw new MeridianError(
            'source',
            `${source.name} was changed while it was loaded: record ${number} is different now. Run the same command again.`,
          );
        }
        const errors = rejected.has(number) ? [] : errorsOf(id, validated.entity);
        if (errors.length > 0) {
          const { file, line } = raw;
          const map = columns.mapOf(raw.map);
          dangling.push({
            ...readingOf(shape, raw),
            number,
            file,
            line,
            map,
            id,
            outcome,
            ...(before.get(id) ?? INSERTED),
            errors,
          });
        }
      }
      yield dangling;
    }
  } finally {
    await open.close();
  }
}

/** The same for an abandoned run, whose records are reconstructed from its rows, since its source may no longer exist. */
export async function* danglingInRows(
  { table, em, shape }: Target,
  run: Pick<RunRow, 'id' | 'settings'>,
  errorsOf: ErrorsOf,
): AsyncGenerator<readonly Dangling[]> {
  const { primaryKey } = shape;
  const store = new RunStore(table);
  const settings = settingsIn(run.settings);
  const rejected = await store.rejectedNumbers(em, run.id);
  for await (const batch of store.batches(em)) {
    const kept = new Map(keptIn(batch, rejected).map((one) => [one.id, one]));
    const before = rowsBefore(shape, batch.before);
    const deferred = new Map(
      deferredIn(shape, batch, new Set(kept.keys())).map((values) => [primaryKey.of(values), values]),
    );
    const rows = await table.bulk().findByPrimaryKey(em, [...kept.keys()]);
    yield rows.flatMap((stored) => {
      const id = primaryKey.of(stored);
      const row = over(stored, deferred.get(id) ?? {});
      const { number, outcome } = kept.get(id) as Kept;
      const errors = errorsOf(id, row);
      const reading = givenOf(shape, row, settings);
      return errors.length === 0
        ? []
        : [{ number, line: 0, ...reading, id, outcome, ...(before.get(id) ?? INSERTED), errors }];
    });
  }
}

/** The values of a row that a file could have supplied, in the run's columns, in standard format. */
function givenOf(
  shape: EntityShape,
  row: Values,
  { columns: map, values = {} }: RunSettings,
): Reading & Pick<Accepted, 'map'> {
  const given = toJson(shape, Object.fromEntries(shape.properties.map(({ name }) => [name, row[name]])));
  const record = Object.fromEntries(Object.entries(given).map(([name, value]) => [map[name] ?? name, value]));
  const texts = Object.entries(record).filter(([, value]) => typeof value === 'string');
  return {
    record,
    map,
    ...(Object.keys(values).length === 0 ? {} : { standard: texts.map(([column]) => column) }),
    ...(texts.some(([, text]) => text !== String(text).trim()) ? { isSpaced: true } : {}),
  };
}

/** Takes records in order from chunks of any size. */
class Records {
  readonly #chunks: AsyncIterator<readonly RawRecord[]>;
  #waiting: readonly RawRecord[] = [];

  constructor(chunks: AsyncIterable<readonly RawRecord[]>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** The next `count` records, or fewer at the end. */
  async take(count: number): Promise<readonly RawRecord[]> {
    const taken: RawRecord[] = [];
    while (taken.length < count) {
      if (this.#waiting.length === 0) {
        const next = await this.#chunks.next();
        if (next.done) {
          return taken;
        }
        this.#waiting = next.value;
      }
      const part = this.#waiting.slice(0, count - taken.length);
      this.#waiting = this.#waiting.slice(part.length);
      for (const one of part) {
        taken.push(one);
      }
    }
    return taken;
  }
}
