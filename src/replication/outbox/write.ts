/** Writes events into the outbox, in the transaction of the change that they describe. */
import type { Database, EntityManager } from '../../database/database.ts';
import type { NewEvent } from '../events/event.ts';
import { OutboxEvent } from './outbox-event.entity.ts';

/** Writes events in the given order. After the commit, call `wakeRelay` to ship them immediately. */
export async function writeEvents(database: Database, em: EntityManager, events: readonly NewEvent[]): Promise<void> {
  // the table assigns the ids
  if (!(await database.bulk(OutboxEvent).insertAll(em, events))) {
    throw new Error(`${database.name}: the id of an event is taken`);
  }
}
