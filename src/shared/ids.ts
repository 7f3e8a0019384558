/** Unique ids: of events, and of checkouts whose caller chooses no key. */
import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

const ID_BYTES = 16;

/** Random bytes of many ids are drawn together: asking the system for them takes longer than everything else about an id. */
const drawn = new Uint8Array(256 * ID_BYTES);
let next = drawn.length;

/** A UUID that sorts by time to the millisecond (version 7), so that neighbours in a table are neighbours in its index. */
export function newId(): string {
  if (next === drawn.length) {
    randomFillSync(drawn);
    next = 0;
  }
  const random = drawn.subarray(next, next + ID_BYTES);
  next += ID_BYTES;
  return v7({ random });
}
