/** Unique ids: of requests and events, and of checkouts whose caller chooses no key. */
import { type Environment, environment } from './environment.ts';

/** An id has 74 random bits, which its text writes in these bytes, together with its version and variant. */
const RANDOM_BYTES = 10;

/** Where in them those two are: RFC 9562, section 5.7. */
const VERSION = { at: 0, mask: 0x0f, bits: 0x70 };
const VARIANT = { at: 2, mask: 0x3f, bits: 0x80 };

const DRAWN_IDS = 256;

/** Digits of hexadecimal. */
const RANDOM_DIGITS = 2 * RANDOM_BYTES;
const TIME_DIGITS = 12;
const FIRST_DIGITS = 8;
const GROUP_DIGITS = 4;

/** What many ids have of random, drawn and written together: for each by itself, it takes longer than everything else about an id. */
interface Drawn {
  digits: string;
  /** Where in them the next id begins. */
  next: number;
  /** The time that the last id has, and how it is written. */
  milliseconds: number;
  time: string;
}

const DRAWN = Symbol('what ids are made of');

/** A UUID that sorts by time to the millisecond (version 7), so that neighbours in a table are neighbours in its index. */
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
