/** Writes documents that are newer than those in a collection. */
import type { Collection, Filter } from 'mongodb';

/** The maximum number of attempts if another process writes the same documents concurrently. */
const MAX_ATTEMPTS = 10;

const DUPLICATE_KEY = 11000;

type Aged = Readonly<Record<string, unknown>> & { readonly _id: string | number };

/**
 * Inserts missing documents and replaces older ones, in separate statements: an upsert would fail with a duplicate key for a newer stored
 * document, and servers differ in how they process the remaining ones then.
 *
 * @param age the fields that together determine which of two documents is newer
 * @returns the documents whose keys existed already
 */
export async function putNewer<Row extends { readonly _id: string | number }>(
  collection: Collection<Row>,
  rows: readonly Row[],
  age: readonly string[],
): Promise<Row[]> {
  const untyped = collection as unknown as Collection<Aged>;
  const aged = rows as readonly unknown[] as readonly Aged[];
  for (let attempt = 1; ; attempt++) {
    const there = await untyped
      .find(
        { _id: { $in: rows.map(({ _id }) => _id) } },
        { projection: Object.fromEntries(age.map((field) => [field, 1])) },
      )
      .toArray();
    const ages = new Map(there.map((one) => [one._id, one]));
    const fresh = aged.filter(({ _id }) => !ages.has(_id));
    try {
      if (fresh.length > 0) {
        await untyped.insertMany(fresh);
      }
    } catch (error) {
      if ((error as { code?: unknown }).code !== DUPLICATE_KEY || attempt === MAX_ATTEMPTS) {
        throw error;
      }
      // another process has inserted some of them meanwhile: read again
      continue;
    }
    const newer = aged.filter((row) => isNewer(row, ages.get(row._id), age));
    if (newer.length > 0) {
      await untyped.bulkWrite(newer.map((row) => ({ replaceOne: { filter: olderThan(row, age), replacement: row } })));
    }
    return rows.filter(({ _id }) => ages.has(_id));
  }
}

function isNewer(row: Aged, there: Aged | undefined, age: readonly string[]): boolean {
  const differing = there && age.find((field) => row[field] !== there[field]);
  return differing !== undefined && Number(row[differing]) > Number(there?.[differing]);
}

/** A filter that matches the stored document only if it is still older at the time of writing. */
function olderThan(row: Aged, age: readonly string[]): Filter<Aged> {
  const alternatives = age.map((field, index) => ({
    ...Object.fromEntries(age.slice(0, index).map((same) => [same, row[same]])),
    [field]: { $lt: row[field] },
  }));
  return { _id: row._id, ...(alternatives.length === 1 ? alternatives[0] : { $or: alternatives }) };
}
