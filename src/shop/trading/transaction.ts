/** Runs a local transaction of a region, with retries after conflicts and lost connections. */
import { type Database, type EntityManager, withRetry } from '../../databases.ts';
import { Outbox } from '../../replication/index.ts';
import { GroupCommit, type JointWork } from './group-commit.ts';
import type { Region } from './region.ts';

const groups = new WeakMap<Database, GroupCommit>();

/**
 * @param work begins with a write, so that it holds the write lock of an SQLite file from then on, and may run more than once. After a lost
 *   connection, it is unknown whether the commit succeeded: work that must not be done twice needs a key (see checkout.ts).
 * @param jointWork does the same work for several callers together, where transactions are committed in groups
 * @throws MeridianError `database` or `locked` if it does not succeed in time; errors of `work`
 */
export async function inTransaction<T>(
  region: Region,
  work: (em: EntityManager) => Promise<T>,
  jointWork?: JointWork<T>,
): Promise<T> {
  const { database, retrySeconds } = region;
  try {
    const result = await (database.hasOneWriter
      ? groupOf(region).run(work, jointWork)
      : withRetry(database, () => database.transaction(work), retrySeconds));
    new Outbox(database).wake();
    return result;
  } catch (error) {
    throw database.explain(error);
  }
}

function groupOf({ database, retrySeconds }: Region): GroupCommit {
  const group = groups.get(database) ?? new GroupCommit(database, retrySeconds);
  groups.set(database, group);
  return group;
}
