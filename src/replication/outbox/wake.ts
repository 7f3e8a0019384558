/** Wakes relays in this process when there is something to ship. Relays in other processes poll. */

import { EventEmitter } from 'node:events';
import type { Database } from '../../database/database.ts';
import { environment } from '../../shared/environment.ts';

const WAKES = Symbol('wakes of relays');

function wakes(): EventEmitter {
  return environment().local(WAKES, () => new EventEmitter().setMaxListeners(0));
}

/** Call this after the commit of a transaction that has written events. */
export function wakeRelay(database: Database): void {
  wakes().emit(keyOf(database));
}

/** @returns a function that removes the listener */
export function onWake(database: Database, listener: () => void): () => void {
  const key = keyOf(database);
  const emitter = wakes();
  emitter.on(key, listener);
  return () => emitter.off(key, listener);
}

function keyOf({ name, place }: Database): string {
  return `${name} ${place}`;
}
