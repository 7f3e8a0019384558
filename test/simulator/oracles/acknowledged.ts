/** A region counts an event as arrived only once central is as far. */

import { regionOfDatabase } from '../plan.ts';
import { type CommitOracle, relayState } from './oracle.ts';

export const acknowledgedOracle = (): CommitOracle => {
  /** "region epoch" -> how far central has ever been. A central that is restored later was as far once. */
  const reached = new Map<string, number>();
  return {
    name: 'acknowledged',
    tables: ['relay_state', 'region_cursor'],
    check(views, { database }) {
      if (database === 'central') {
        const rows = views.rows<{ region: string; epoch: number; seq: number }>(
          database,
          'select region, epoch, seq from region_cursor',
        );
        for (const { region, epoch, seq } of rows) {
          const key = `${region} ${epoch}`;
          reached.set(key, Math.max(reached.get(key) ?? 0, seq));
        }
        return undefined;
      }
      const region = regionOfDatabase(database);
      if (region === undefined) {
        return undefined;
      }
      const { epoch, acked, next } = relayState(views, database);
      const central = reached.get(`${region} ${epoch}`) ?? 0;
      if (acked >= next) {
        return `${database}: ${acked} of ${next - 1} events of epoch ${epoch} count as arrived`;
      }
      return acked > central
        ? `${database}: event ${acked} of epoch ${epoch} counts as arrived, and central was never further than ${central}`
        : undefined;
    },
  };
};
