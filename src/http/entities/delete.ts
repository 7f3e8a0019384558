/** Deletes rows that no other row refers to. */
import type { Values } from '../../database/values.ts';
import { capitalised } from '../../shared/text/words.ts';
import type { OpenDatabases } from '../databases.ts';
import { Problem } from '../problem.ts';
import { type Conditions, checkConditions } from './etag.ts';
import { missingRow } from './key-path.ts';
import { referringErrors } from './referring.ts';
import type { Resource } from './resource.ts';
import { inTransaction } from './transaction.ts';
import { readRow } from './write.ts';

/** @throws Problem 404, 409, 412 or 428 */
export async function deleteRow(
  databases: OpenDatabases,
  resource: Resource,
  key: Values,
  conditions: Conditions,
): Promise<void> {
  const { table, shape, database } = resource;
  if (table.declaration.outboxMapping !== undefined) {
    throw new Problem(
      409,
      'conflict',
      `Changes of ${shape.noun} are published as events, and no event says that a row is gone. Change the row instead.`,
    );
  }
  await inTransaction(resource, async (em) => {
    const row = await readRow(resource, key, em);
    if (row === undefined) {
      throw missingRow(shape, key);
    }
    checkConditions(shape, row, conditions);
    const errors = await referringErrors(databases, resource, em, row);
    if (errors.length > 0) {
      throw referredTo(resource, key, errors);
    }
    try {
      await table.bulk().deleteByPrimaryKey(em, [shape.primaryKey.of(row)]);
    } catch (error) {
      throw database.engine.refusal(error)?.kind === 'reference'
        ? new Problem(409, 'conflict', `${nameOf(resource, key)} is referred to by rows of its database.`, {
            cause: error,
          })
        : error;
    }
  });
}

function referredTo(resource: Resource, key: Values, errors: Awaited<ReturnType<typeof referringErrors>>): Problem {
  const reasons = errors.map(({ message }) => message).join('; ');
  const detail = `${nameOf(resource, key)} cannot be deleted: ${reasons}. Delete or change those first.`;
  return new Problem(409, 'conflict', detail, { errors });
}

function nameOf({ shape }: Resource, key: Values): string {
  return `${capitalised(shape.noun)} ${shape.primaryKey.shown(shape.primaryKey.of(key))}`;
}
