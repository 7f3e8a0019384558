/** Wakes relays in this process when there is something to ship. Relays in other processes poll. */
import { EventEmitter } from 'node:events';
import type { Database } from '../../database/database.ts';

const wakes = new EventEmitter().setMaxListeners(0);

/** Call it after the commit of a transaction that has written events. */
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
