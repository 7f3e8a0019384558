/** Batches that arrive in a central database of their own, and what is in it then. */
import type { Database } from '../../../src/database/database.ts';
import type { Batch } from '../../../src/replication/transport/transport.ts';
import { applyBatch } from '../../../src/shop/central/apply.ts';
import type { EngineName, Place } from '../../support/engines.ts';
import { openCentral, regionalPlace } from '../../support/regional.ts';

export interface Arrivals {
  readonly place: Place;
  readonly central: Database;
}

export async function arrivals(engine: EngineName): Promise<Arrivals> {
  const place = await regionalPlace(engine);
  return { place, central: await openCentral(place) };
}

export const factsIn = (place: Place) =>
  place.execute('central', 'select region, order_id, epoch, version, quantity from order_fact order by 1, 2');

export async function idsIn(place: Place, region = 'boston'): Promise<unknown[]> {
  return (await factsIn(place)).flatMap((one) => (one['region'] === region ? [one['order_id']] : []));
}

export async function cursorIn(place: Place, region = 'boston'): Promise<unknown> {
  const rows = await place.execute(
    'central',
    `select epoch, seq, head_seq from region_cursor where region = '${region}'`,
  );
  return rows[0];
}

export function everythingIn(place: Place): Promise<unknown[]> {
  return Promise.all(
    ['order_fact', 'stock_fact', 'inbox_event', 'region_cursor', 'dead_letter'].map((table) =>
      place.execute('central', `select * from ${table}`),
    ),
  );
}

/** Brings a batch again as a relay does, until it is accepted. @returns the errors on the way */
export async function bring(central: Database, batch: Batch): Promise<string[]> {
  const errors: string[] = [];
  for (;;) {
    try {
      await applyBatch(central, batch);
      return errors;
    } catch (error) {
      errors.push((error as Error).message);
      if (errors.length > 20) {
        throw error;
      }
    }
  }
}
