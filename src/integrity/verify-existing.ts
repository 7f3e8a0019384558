/** Verifies the existing databases while no load is running on them. */
import { Database } from '../database/database.ts';
import type { DatabaseDeclaration } from '../database/declaration.ts';
import { type DatabaseLock, lockDatabase } from '../database/lock.ts';
import { settleAll } from '../shared/async/settle.ts';
import { existingDatabases } from './existing-databases.ts';
import { type DatabaseVerdict, type VerifyOptions, verify } from './verify.ts';

/**
 * Creates nothing.
 *
 * @param declarations the databases, with the targets of their references
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
    // during a load, rows may refer to rows that are not loaded yet
    for (const database of databases) {
      locks.push(await lockDatabase(database));
    }
    return await verify(databases, options);
  } finally {
    await Promise.allSettled(known.map((database) => database.close()));
    await Promise.allSettled(locks.map((lock) => lock.release()));
  }
}
