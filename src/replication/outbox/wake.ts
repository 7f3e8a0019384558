/** Tells relays in this process at once that there is something to ship; those in other processes find it by asking. */
import { EventEmitter } from 'node:events';
import type { Database } from '../../database/database.ts';

const wakes = new EventEmitter().setMaxListeners(0);

/** Call it when the transaction that wrote events has been committed. */
export function wakeRelay(database: Database): void {
  wakes.emit(keyOf(database));
}

/** @returns ends the listening */
export function onWake(database: Database, listener: () => void): () => void {
  const key = keyOf(database);
  wakes.on(key, listener);
  return () => wakes.off(key, listener);
}

function keyOf({ name, place }: Database): string {
  return `${name} ${place}`;
}
