/** Runs the same work on several databases concurrently. A failure of one does not affect the results of the others. */
import { asError } from '../shared/async/settle.ts';
import { Database } from './database.ts';
import type { DatabaseDeclaration } from './declaration.ts';
import { lockDatabase } from './lock.ts';

export type Result<T> = { readonly name: string } & ({ readonly value: T } | { readonly error: Error });

export interface EachOptions {
  /** Whether databases that do not exist are created. */
  readonly create: boolean;
  /** Whether to lock out populates and migrations of other processes meanwhile. */
  readonly lock: boolean;
  /** How long to wait for the lock. */
  readonly lockSeconds?: number;
}

/** Opens each database, does the work and closes it. Never throws: the results contain the errors. */
export function eachDatabase<T>(
  declarations: readonly DatabaseDeclaration[],
  { create, lock, lockSeconds }: EachOptions,
  work: (database: Database) => Promise<T>,
): Promise<Result<T>[]> {
  return Promise.all(
    declarations.map(async (declaration): Promise<Result<T>> => {
      const { name } = declaration;
      let database: Database | undefined;
      try {
        database = await Database.open(declaration, { create });
        const acquired = lock ? await lockDatabase(database, lockSeconds) : undefined;
        try {
          return { name, value: await work(database) };
        } finally {
          await acquired?.release();
        }
      } catch (error) {
        return { name, error: asError(error) };
      } finally {
        await database?.close();
      }
    }),
  );
}
