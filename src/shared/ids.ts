/** Unique ids of requests and events, and of checkouts without an idempotency key of the caller. */
import { type Environment, environment } from './environment.ts';

/** An id has 74 random bits. With its version and variant, they take these bytes. */
const RANDOM_BYTES = 10;

/** Offsets of version and variant in the random bytes: RFC 9562, section 5.7. */
const VERSION = { at: 0, mask: 0x0f, bits: 0x70 };
const VARIANT = { at: 2, mask: 0x3f, bits: 0x80 };

const DRAWN_IDS = 256;

/** Hexadecimal digits. */
const RANDOM_DIGITS = 2 * RANDOM_BYTES;
const TIME_DIGITS = 12;
const FIRST_DIGITS = 8;
const GROUP_DIGITS = 4;

/** Random parts of ids, drawn in bulk: drawing them one by one would take most of the time that an id takes. */
interface Drawn {
  digits: string;
  /** Offset of the next id in `digits`. */
  next: number;
  /** The time of the last id, and its hexadecimal form. */
  milliseconds: number;
  time: string;
}

const DRAWN = Symbol('what ids are made of');

/** A UUID of version 7: it sorts by time to the millisecond, so rows that are inserted together are neighbours in the index. */
export function newId(): string {
  const current = environment();
  const drawn = current.local(DRAWN, (): Drawn => ({ digits: '', next: 0, milliseconds: Number.NaN, time: '' }));
  if (drawn.next === drawn.digits.length) {
    drawn.digits = randomDigits(current);
    drawn.next = 0;
  }
  const milliseconds = Math.floor(current.now());
  if (milliseconds !== drawn.milliseconds) {
    drawn.milliseconds = milliseconds;
    drawn.time = writtenTime(milliseconds);
  }
  const { digits, next, time } = drawn;
  drawn.next += RANDOM_DIGITS;
  const variant = next + GROUP_DIGITS;
  const last = variant + GROUP_DIGITS;
  return `${time}-${digits.slice(next, variant)}-${digits.slice(variant, last)}-${digits.slice(last, drawn.next)}`;
}

function randomDigits({ bytes: draw }: Environment): string {
  const bytes = draw(DRAWN_IDS * RANDOM_BYTES);
  for (let start = 0; start < bytes.length; start += RANDOM_BYTES) {
    for (const { at, mask, bits } of [VERSION, VARIANT]) {
      bytes[start + at] = ((bytes[start + at] ?? 0) & mask) | bits;
    }
  }
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

function writtenTime(milliseconds: number): string {
  const digits = milliseconds.toString(16).padStart(TIME_DIGITS, '0');
  return `${digits.slice(0, FIRST_DIGITS)}-${digits.slice(FIRST_DIGITS)}`;
}
