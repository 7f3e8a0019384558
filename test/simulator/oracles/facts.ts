/** What central knows of an order or of stock only grows: by epoch, and within one by version. */
import { type CommitOracle } from './oracle.ts';

interface Fact {
  readonly key: string;
  readonly epoch: number;
  readonly version: number;
}

const FACTS = `
  select region || ' order ' || order_id as key, epoch, version from order_fact
  union all select region || ' stock ' || product_id, epoch, version from stock_fact`;

export const factsOracle = (): CommitOracle => {
  let known = new Map<string, Fact>();
  return {
    name: 'facts',
    tables: ['order_fact', 'stock_fact'],
    check(views, { database }) {
      if (database !== 'central') {
        return undefined;
      }
      const now = new Map<string, Fact>();
      let violation: string | undefined;
      for (const fact of views.rows<Fact>(database, FACTS)) {
        const last = known.get(fact.key);
        if (
          last !== undefined &&
          (last.epoch > fact.epoch || (last.epoch === fact.epoch && last.version > fact.version))
        ) {
          violation ??= `central: ${fact.key} was version ${last.version} of epoch ${last.epoch}, and is version ${fact.version} of epoch ${fact.epoch}`;
        }
        now.set(fact.key, fact);
      }
      known = now;
      return violation;
    },
    restored(database) {
      if (database === 'central') {
        known = new Map();
      }
    },
  };
};
