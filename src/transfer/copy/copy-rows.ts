/** Copies the rows of one table in atomic batches, and names rows that the target cannot store. */
import type { Row } from '../../database/columns.ts';
import type { Database, EntityManager } from '../../database/database.ts';
import { propertyValues } from '../../database/property-values.ts';
import { MeridianError, messageOf } from '../../shared/errors.ts';
import { type Page, pagesOf, rowName, type StoredTable } from '../stored-tables.ts';
import type { DeferringTable } from './prepare-target.ts';
import type { CopyProgress } from './progress.ts';

/** Maximum number of rows that an error names. */
const MAX_NAMED = 5;

export interface CopiedRows {
  readonly source: Database;
  /** The transaction that reads a snapshot of the source. */
  readonly em: EntityManager;
  readonly target: Database;
  readonly progress: CopyProgress;
  readonly onBatch?: ((table: string, rows: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** @param into the corresponding table of the target */
export async function copyRows(copy: CopiedRows, from: StoredTable, into: DeferringTable): Promise<void> {
  const { source, em, target, progress, onBatch, signal } = copy;
  const before = await progress.of(from.name);
  for await (const page of pagesOf(em, source, from, before === undefined ? {} : { after: before.last })) {
    signal?.throwIfAborted();
    refuseUnfit(target, into, page.rows);
    const rows = page.rows.map((row) => without(row, into.deferred));
    await insertPage(copy, into, { rows, last: page.last });
    onBatch?.(from.name, rows.length);
  }
  await target.engine.advanceSequences(target.fork(), into.name);
}

/** Writes the deferred foreign keys; idempotent. */
export async function copyDeferred(copy: CopiedRows, from: StoredTable, into: DeferringTable): Promise<void> {
  const { source, em, target, signal } = copy;
  if (into.deferred.length === 0) {
    return;
  }
  for await (const { rows } of pagesOf(em, source, from)) {
    signal?.throwIfAborted();
    const referring = rows.filter((row) => into.deferred.some((name) => (row[name] ?? null) !== null));
    await target.transaction((transaction) => into.bulk.update(transaction, referring, into.deferred));
  }
}

async function insertPage({ target, progress }: CopiedRows, into: DeferringTable, page: Page): Promise<void> {
  try {
    await target.transaction(async (em) => {
      const written = await into.bulk.insert(em, page.rows);
      if (written !== page.rows.length) {
        throw new Error(`${page.rows.length - written} of ${page.rows.length} rows were skipped, perhaps by a trigger`);
      }
      await progress.copied(em, into.name, page.last);
    });
  } catch (error) {
    if (!target.engine.isAnswer(error)) {
      throw target.explain(error);
    }
    throw await refusedRows(target, into, page.rows, error);
  }
}

/** The rows of a batch that the target rejects, tried one by one. */
async function refusedRows(
  target: Database,
  into: DeferringTable,
  rows: readonly Row[],
  error: unknown,
): Promise<MeridianError> {
  const sentences: string[] = [];
  for (const row of rows) {
    const reason = await refusalOf(target, into, row);
    if (reason !== undefined) {
      sentences.push(reason);
    }
    if (sentences.length === MAX_NAMED) {
      break;
    }
  }
  return cannotHold(target, into, sentences.length === 0 ? [messageOf(error)] : sentences, error);
}

const UNDONE = new Error('the trial is undone');

async function refusalOf(target: Database, into: DeferringTable, row: Row): Promise<string | undefined> {
  try {
    await target.transaction(async (em) => {
      await into.bulk.insert(em, [row]);
      throw UNDONE;
    });
  } catch (error) {
    if (error === UNDONE) {
      return undefined;
    }
    const { columns = [], text = messageOf(error) } = target.engine.refusal(error) ?? {};
    return `${rowName(into.metadata, row)}${columns.length === 0 ? '' : `, ${columns.join(' and ')}`}: ${text}`;
  }
  return undefined;
}

/** Rejects values that the target's columns would change. @throws MeridianError `database`, naming row and property */
function refuseUnfit(target: Database, table: DeferringTable, rows: readonly Row[]): void {
  const { metadata, bulk } = table;
  const limits = bulk.columns.flatMap(({ property: name }) => {
    const property = metadata.props.find((one) => one.name === name);
    const { problem } = property === undefined ? {} : propertyValues(metadata, property, target.engine.storage);
    return problem === undefined ? [] : [{ name, problem }];
  });
  const sentences: string[] = [];
  for (const row of rows) {
    for (const { name, problem } of limits) {
      const value = row[name];
      const sentence = (value ?? null) === null ? undefined : problem(value);
      if (sentence !== undefined && sentences.length < MAX_NAMED) {
        sentences.push(`${rowName(table.metadata, row)}: ${name} ${sentence} (${String(value)})`);
      }
    }
  }
  if (sentences.length > 0) {
    throw cannotHold(target, table, sentences);
  }
}

function cannotHold(
  target: Database,
  { name }: StoredTable,
  sentences: readonly string[],
  cause?: unknown,
): MeridianError {
  return new MeridianError(
    'database',
    `${target.name}: ${target.place} cannot hold rows of ${name} as they are: ${sentences.join('; ')}. Change these rows in the source and run the same command again.`,
    { cause },
  );
}

function without(row: Row, properties: readonly string[]): Row {
  return properties.length === 0
    ? row
    : { ...row, ...Object.fromEntries(properties.map((name) => [name, null] as const)) };
}
