/** A fencing token is never given out twice, whatever was restored meanwhile. */

import { regionOfDatabase } from '../plan.ts';
import type { CommitOracle } from './oracle.ts';

export const fencingTokensOracle = (): CommitOracle => {
  const current = new Map<string, number>();
  /** "database token" */
  const used = new Set<string>();
  return {
    name: 'fencing tokens',
    tables: ['relay_state'],
    check(_, { database, relayState }) {
      if (regionOfDatabase(database) === undefined) {
        return undefined;
      }
      const { token } = relayState();
      const last = current.get(database);
      current.set(database, token);
      const key = `${database} ${token}`;
      const isTakenAgain = last !== undefined && last !== token && used.has(key);
      used.add(key);
      return isTakenAgain ? `${database}: the fencing token ${token} is given out again` : undefined;
    },
    restored(database) {
      current.delete(database);
    },
  };
};
