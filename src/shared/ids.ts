/** Unique ids: of events, and of checkouts whose caller chooses no key. */
import { v7 } from 'uuid';
import { environment } from './environment.ts';

const ID_BYTES = 16;

const DRAWN_IDS = 256;

/** Random bytes of many ids are drawn together: asking the system for them takes longer than everything else about an id. */
interface Drawn {
  bytes: Uint8Array;
  next: number;
}

const DRAWN = Symbol('random bytes of ids');

/** A UUID that sorts by time to the millisecond (version 7), so that neighbours in a table are neighbours in its index. */
export function newId(): string {
  const current = environment();
  const drawn = current.local(DRAWN, (): Drawn => ({ bytes: new Uint8Array(), next: 0 }));
  if (drawn.next === drawn.bytes.length) {
    drawn.bytes = current.bytes(DRAWN_IDS * ID_BYTES);
    drawn.next = 0;
  }
  const random = drawn.bytes.subarray(drawn.next, drawn.next + ID_BYTES);
  drawn.next += ID_BYTES;
  return v7({ random, msecs: Math.floor(current.now()) });
}
