/** Writes events into the outbox, in the transaction of what they tell of. */
import type { Database, EntityManager } from '../../database/database.ts';
import type { NewEvent } from '../events/event.ts';
import { OutboxEvent } from './outbox-event.entity.ts';

/** In the order in which they are given. After the commit, `wakeRelay` makes them go at once. */
export async function writeEvents(database: Database, em: EntityManager, events: readonly NewEvent[]): Promise<void> {
  // the ids are the table's to give
  if (!(await database.bulk(OutboxEvent).insertAll(em, events))) {
    throw new Error(`${database.name}: the id of an event is taken`);
  }
}
