/** The error for a database that another run has locked. */
import { MeridianError } from '../shared/errors.ts';
import type { LockRequest } from './engine.ts';

/** @param holder `process 1234, since 2026-01-01T00:00:00.000Z` */
export function lockedError({ database, waitSeconds }: LockRequest, holder: string): MeridianError {
  return new MeridianError(
    'locked',
    `${database}: another populate or migration is running on this database (${holder}; waited ${waitSeconds} seconds). ` +
      'Let it finish, or stop it, and run the same command again.',
  );
}
