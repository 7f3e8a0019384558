/** One sequence number, one event: central is never given two, unless a region was restored. */

import { regionOfDatabase } from '../plan.ts';
import { type CommitOracle } from './oracle.ts';

export const conflictsOracle = (): CommitOracle => {
  const restored = new Set<string>();
  return {
    name: 'conflicts',
    tables: ['region_cursor'],
    check(views, { database }) {
      if (database !== 'central') {
        return undefined;
      }
      const rows = views.rows<{ region: string; epoch: number; seq: number }>(
        database,
        'select region, epoch, conflict_seq as seq from region_cursor where conflict_seq is not null',
      );
      const found = rows.find(({ region }) => !restored.has(region));
      return (
        found &&
        `central: two events came as ${found.seq} of epoch ${found.epoch} of ${found.region}, which was never restored`
      );
    },
    restored(database) {
      const region = regionOfDatabase(database);
      if (region !== undefined) {
        restored.add(region);
      }
    },
  };
};
