/** One local transaction of a region, tried again when another was in its way or the connection broke. */
import { type Database, type EntityManager, withRetry } from '../../databases.ts';
import { Outbox } from '../../replication/index.ts';
import { GroupCommit, type JointWork } from './group-commit.ts';
import type { Region } from './region.ts';

const groups = new WeakMap<Database, GroupCommit>();

/**
 * @param work begins with a write, so that an SQLite file is its own from there on, and can be run again. A lost connection
 *   leaves open whether the commit before it succeeded: work that must not be done twice takes a key (see checkout.ts).
 * @param jointWork the same for several callers, where transactions are committed together
 * @throws MeridianError `database` or `locked` when it does not succeed in time; what `work` throws
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
