/** The accepted records of a run, among which the reference check finds those to reject. */
import type { Table } from '../../database/table.ts';
import type { Values } from '../../database/values.ts';
import { IdSet } from '../../loads/id-set.ts';
import { decodeNumbered } from '../../loads/outcomes.ts';
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
import type { Accepted } from './revert-records.ts';
import type { Suspicion } from './rounds.ts';

const NOTHING = new IdSet();

/** The previous values of a row that was inserted. */
const INSERTED = { before: null };

/** Number of records of a batch to read at a time, since a batch may have many. */
const RECORDS_AT_A_TIME = 5000;

/**
 * Reads the source again, since the rejects file contains each record as it was read.
 *
 * @param rejected numbers of records that the check has already rejected
 * @param isSuspect whether a record may have to be rejected; others are skipped
 * @throws MeridianError `source` if the source has changed since it was loaded
 */
export async function* candidatesFromSource(
  { table, em, shape }: Target,
  { source, columns }: OpenedLoad,
  rejected: IdSet,
  isSuspect: Suspicion,
): AsyncGenerator<readonly Accepted[]> {
  const names = referringIn(table, shape);
  const open = await source.open();
  try {
    const records = new Records(open.records);
    for await (const batch of new RunStore(table).batches(em)) {
      const outcomes = decodeNumbered(batch.outcomes, batch.firstNumber);
      const kept = keptIn(batch, NOTHING);
      const before = rowsBefore(shape, batch.before);
      let next = 0;
      let raws: readonly RawRecord[] = [];
      let accepted: Accepted[] = [];
      for (const [index, { number, outcome }] of outcomes.entries()) {
        const at = index % RECORDS_AT_A_TIME;
        if (at === 0) {
          yield accepted;
          accepted = [];
          raws = await records.take(Math.min(RECORDS_AT_A_TIME, outcomes.length - index));
        }
        if (outcome === 'rejected') {
          continue;
        }
        const { id } = kept[next++] as Kept;
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
        if (!rejected.has(number) && isSuspect(id, validated.entity)) {
          const { file, line } = raw;
          const references = referencesIn(names, validated.entity);
          const map = columns.mapOf(raw.map);
          accepted.push({
            ...readingOf(shape, raw),
            number,
            file,
            line,
            map,
            id,
            outcome,
            references,
            ...(before.get(id) ?? INSERTED),
          });
        }
      }
      yield accepted;
    }
  } finally {
    await open.close();
  }
}

/** The records of an abandoned run, reconstructed from its rows, since its source may no longer exist. */
export async function* candidatesFromRows(
  { table, em, shape }: Target,
  run: Pick<RunRow, 'id' | 'settings'>,
): AsyncGenerator<readonly Accepted[]> {
  const { primaryKey } = shape;
  const store = new RunStore(table);
  const names = referringIn(table, shape);
  const settings = settingsIn(run.settings);
  const rejected = await store.rejectedNumbers(em, run.id);
  for await (const batch of store.batches(em)) {
    const kept = new Map(keptIn(batch, rejected).map((one) => [one.id, one]));
    const before = rowsBefore(shape, batch.before);
    const deferred = new Map(
      deferredIn(shape, batch, new Set(kept.keys())).map((values) => [primaryKey.of(values), values]),
    );
    const rows = await table.bulk().findByPrimaryKey(em, [...kept.keys()]);
    yield rows.map((stored) => {
      const id = primaryKey.of(stored);
      const row = over(stored, deferred.get(id) ?? {});
      const { number, outcome } = kept.get(id) as Kept;
      const references = referencesIn(names, row);
      const reading = givenOf(shape, row, settings);
      return { number, line: 0, ...reading, id, outcome, ...(before.get(id) ?? INSERTED), references };
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

/** The properties through which the records of a table refer to others. */
function referringIn({ declaration }: Table, { relations }: EntityShape): string[] {
  return [...Object.keys(declaration.references ?? {}), ...relations.flatMap(({ key }) => key.properties)];
}

function referencesIn(names: readonly string[], row: Values): Values {
  const references: Record<string, unknown> = {};
  for (const name of names) {
    references[name] = row[name];
  }
  return references;
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
