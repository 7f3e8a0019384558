/** Verifies the databases that exist, while nothing is loaded into them. */
import { Database } from '../database/database.ts';
import type { DatabaseDeclaration } from '../database/declaration.ts';
import { type DatabaseLock, lockDatabase } from '../database/lock.ts';
import { settleAll } from '../shared/async/settle.ts';
import { existingDatabases } from './existing-databases.ts';
import { type DatabaseVerdict, type VerifyOptions, verify } from './verify.ts';

/**
 * Nothing is created.
 *
 * @param declarations with the targets of their references
 * @throws MeridianError as `verify` does, and `locked` for a database that is being loaded
 */
export async function verifyExisting(
  declarations: readonly DatabaseDeclaration[],
  options?: VerifyOptions,
): Promise<Record<string, DatabaseVerdict>> {
  const locks: DatabaseLock[] = [];
  const known = await Promise.all(
    declarations.map((declaration) => Database.unconnected(declaration, { create: false })),
  );
  try {
    await settleAll(known.map((database) => database.connect()));
    const databases = existingDatabases(known);
    // while a load runs, rows may refer to rows that are still to come
    for (const database of databases) {
      locks.push(await lockDatabase(database));
    }
    return await verify(databases, options);
  } finally {
    await Promise.allSettled(known.map((database) => database.close()));
    await Promise.allSettled(locks.map((lock) => lock.release()));
  }
}
