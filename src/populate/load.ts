/** The one load function: records of a source into the table of an entity, a batch a transaction. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database, EntityManager } from '../databases/database.ts';
import type { NaturalKey } from '../databases/declaration.ts';
import { MeridianError } from '../errors.ts';
import { Classifier, type Decision, keyOf, type OnConflict } from './classify.ts';
import type { Entry, Outcome } from './ledger.ts';
import type { OpenSource, RawRecord } from './read/source.ts';
import type { Columns } from './record/columns.ts';
import type { EntityShape } from './record/shape.ts';
import { type Validated, type Values, validate } from './record/validate.ts';
import type { Reject } from './rejects.ts';

/** Records a transaction: large enough to make its cost small, small enough to end soon after Ctrl-C. */
export const BATCH_RECORDS = 1000;

/** A record that went in, or was there already, with what the reference check needs if it has to come out again. */
export interface Accepted {
  readonly number: number;
  readonly line: number;
  readonly record: unknown;
  readonly id: unknown;
  readonly outcome: Outcome;
  readonly before: Values | null;
  /** Property -> the primary key that it holds of another database. */
  readonly references: Values;
}

/** What became of a batch. */
export interface BatchResult {
  readonly entries: readonly Entry[];
  readonly rejects: readonly Reject[];
  readonly accepted: readonly Accepted[];
}

export interface LoadTask {
  readonly database: Database;
  readonly em: EntityManager;
  readonly shape: EntityShape;
  readonly source: OpenSource;
  /** As the user named it. */
  readonly sourceName: string;
  readonly columns: Columns;
  readonly onConflict: OnConflict;
  readonly batchRecords: number;
  /** When aborted, the load ends after the batch that is under way. */
  readonly signal: AbortSignal;
  /** Writes down what the reference check will ask for, before it can be needed. */
  readonly beforeCommit: (accepted: readonly Accepted[]) => Promise<void>;
  /** Told of each batch that is committed. */
  readonly onBatch: (result: BatchResult) => Promise<void>;
}

/**
 * Loads until the source ends or `signal` is aborted. Each batch goes in whole or not at all.
 *
 * @throws MeridianError what the source or the database says; the batches before it stay in
 */
export async function load(task: LoadTask): Promise<void> {
  const { database, em, shape, source, batchRecords } = task;
  const classifier = new Classifier(shape, database.declaration, task.onConflict);
  try {
    for await (const batch of inBatches(source.records, batchRecords, task.signal)) {
      const validated = batch.map((raw) => validate(shape, task.columns, raw));
      const entities = validated.flatMap((one) => ('entity' in one ? [one.entity] : []));
      const result = await telling(task, batch, () =>
        database.write(em, async (transaction) => {
          const decisions = classifier.decide(entities, await findExisting(database, transaction, shape, entities));
          const decided = resultOf(task, batch, validated, decisions);
          await task.beforeCommit(decided.accepted);
          await writeRows(database, transaction, shape, entities, decisions);
          return decided;
        }),
      );
      await task.onBatch(result);
      // the driver is synchronous: without a turn of the event loop, loads that wait for a file would hardly get on,
      // and neither would Ctrl-C
      await nextTurn();
    }
  } finally {
    await source.close();
  }
}

/** Says of an error which records it kept out. */
async function telling<T>(
  { database, sourceName }: LoadTask,
  batch: readonly RawRecord[],
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const explained = database.explain(error);
    if (!(explained instanceof MeridianError)) {
      throw explained;
    }
    const [first, last] = [batch[0]?.line, batch.at(-1)?.line];
    const where = `${sourceName}, ${first === last ? `line ${first}` : `lines ${first} to ${last}`}`;
    throw new MeridianError(explained.code, `${explained.message} The records of ${where} did not go in.`, {
      cause: error,
    });
  }
}

/** Cuts chunks of any size into batches; an incomplete batch is given only when the source has really ended. */
async function* inBatches(
  chunks: AsyncIterable<readonly RawRecord[]>,
  size: number,
  signal: AbortSignal,
): AsyncGenerator<RawRecord[]> {
  const iterator = chunks[Symbol.asyncIterator]();
  let waiting: RawRecord[] = [];
  while (!signal.aborted) {
    const next = await unlessAborted(iterator.next(), signal);
    if (next === undefined) {
      return;
    }
    if (next.done) {
      if (waiting.length > 0) {
        yield waiting;
      }
      return;
    }
    waiting = waiting.length === 0 ? [...next.value] : waiting.concat(next.value);
    let from = 0;
    for (; waiting.length - from >= size && !signal.aborted; from += size) {
      yield waiting.slice(from, from + size);
    }
    waiting = waiting.slice(from);
  }
}

/** What `work` gives, or nothing once the signal is aborted. Leaves nothing behind at the signal. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<T | undefined>();
  const stop = () => resolve(undefined);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) {
    stop();
  }
  work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  return promise;
}

/** Every row that shares its primary key or a natural key with one of the entities. */
async function findExisting(
  database: Database,
  em: EntityManager,
  shape: EntityShape,
  entities: readonly Values[],
): Promise<Values[]> {
  if (entities.length === 0) {
    return [];
  }
  const find = (where: object) => em.find(database.declaration.entity, where, { disableIdentityMap: true });
  const queries = [find({ [shape.primaryKey]: { $in: distinct(entities, shape.primaryKey) } })];
  for (const key of database.declaration.naturalKeys ?? []) {
    const holding = entities.filter((entity) => keyOf(entity, key) !== undefined);
    if (holding.length > 0) {
      queries.push(find(whereKey(holding, key)));
    }
  }
  const rows = (await Promise.all(queries)).flat() as Values[];
  // plain values: an entity turned into JSON would leave its hidden properties out
  return rows.map((row) => Object.fromEntries(shape.properties.map(({ name }) => [name, row[name]])));
}

/** A few rows too many for a key of several properties; the classifier compares them whole. */
export function whereKey(entities: readonly Values[], { properties, onlyWithout }: NaturalKey): object {
  const where: Values = onlyWithout === undefined ? {} : { [onlyWithout]: null };
  for (const property of properties) {
    where[property] = { $in: distinct(entities, property) };
  }
  return where;
}

function distinct(entities: readonly Values[], property: string): unknown[] {
  return [...new Set(entities.map((entity) => entity[property]))];
}

/** Updates come first: they may free a natural key that an insert of the same batch takes, never the other way round. */
async function writeRows(
  database: Database,
  em: EntityManager,
  shape: EntityShape,
  entities: readonly Values[],
  decisions: readonly Decision[],
): Promise<void> {
  const { entity: entityClass } = database.declaration;
  const rows = (outcome: Outcome) => entities.filter((_, index) => decisions[index]?.outcome === outcome);
  for (const row of rows('updated')) {
    const { [shape.primaryKey]: id, ...values } = given(row);
    await em.nativeUpdate(entityClass, { [shape.primaryKey]: id }, values);
  }
  const inserts = rows('inserted');
  if (inserts.length > 0) {
    await em.insertMany(entityClass, inserts.map(given));
  }
}

/** The values that a record gives; the others keep what the row holds, or get the column's default. */
function given(entity: Values): Values {
  return Object.values(entity).includes(undefined)
    ? Object.fromEntries(Object.entries(entity).filter(([, value]) => value !== undefined))
    : { ...entity };
}

function resultOf(
  { database, shape }: LoadTask,
  batch: readonly RawRecord[],
  validated: readonly Validated[],
  decisions: readonly Decision[],
): BatchResult {
  const entries: Entry[] = [];
  const rejects: Reject[] = [];
  const accepted: Accepted[] = [];
  const references = Object.keys(database.declaration.references ?? {});
  let next = 0;
  for (const [index, { number, line, record }] of batch.entries()) {
    const one = validated[index] as Validated;
    const decision = 'entity' in one ? (decisions[next++] as Decision) : undefined;
    const id = 'entity' in one ? one.entity[shape.primaryKey] : one.id;
    const { outcome, errors } = decision ?? { outcome: 'rejected' as const, errors: 'errors' in one ? one.errors : [] };
    const text = 'entity' in one && outcome !== 'rejected' ? String(one.entity) : '';
    entries.push({ number, line, outcome, id, text, errors });
    if (outcome === 'rejected') {
      rejects.push({ number, line, record, errors });
    } else if ('entity' in one && references.length > 0) {
      const held = Object.fromEntries(references.map((name) => [name, one.entity[name]]));
      accepted.push({ number, line, record, id, outcome, before: decision?.before ?? null, references: held });
    }
  }
  return { entries, rejects, accepted };
}
