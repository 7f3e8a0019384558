/**
 * Determines which of the numbers 1 … count are broken records, so that any thread knows without visiting the others:
 * the numbers are divided into as many strides as there are broken records, and one number of each stride is broken.
 */
import { hash } from './random.ts';

/** Which of the numbers of the records of a database belong to broken ones. */
export interface Placement {
  readonly count: number;
  readonly broken: number;
  /** How many records are not broken. */
  readonly sound: number;
  /** Of a broken record: how many are broken before it. -1 for a record that is not broken. */
  ordinalOf(number: number): number;
  /** How many of the numbers below this one are broken. */
  brokenBefore(number: number): number;
  /** @param ordinal from 0 */
  brokenNumber(ordinal: number): number;
  /** @param ordinal from 0 */
  soundNumber(ordinal: number): number;
}

/** Rounds down a number from 0 to 2³¹, much faster than `Math.floor`. */
const toInteger = (value: number) => value | 0;

/** @param key determines which number of each stride is broken */
export function place(count: number, broken: number, key: number): Placement {
  if (broken === 0) {
    return {
      count,
      broken,
      sound: count,
      ordinalOf: () => -1,
      brokenBefore: () => 0,
      brokenNumber: (ordinal) => {
        throw new RangeError(`There is no broken record ${ordinal}.`);
      },
      soundNumber: (ordinal) => ordinal + 1,
    };
  }
  const length = count / broken;
  // numbers start at 0 here; a stride is at least 1 long, so each has a number
  const start = (stride: number) => (stride >= broken ? count : toInteger(stride * length));
  const brokenIn = (stride: number) => {
    const from = start(stride);
    return from + (hash(key, stride) % (start(stride + 1) - from));
  };
  const strideOf = (index: number) => {
    // the division may be off by one from what the multiplication says
    let stride = Math.min(broken - 1, toInteger(index / length));
    while (start(stride) > index) {
      stride--;
    }
    while (start(stride + 1) <= index) {
      stride++;
    }
    return stride;
  };
  const soundBefore = (stride: number) => start(stride) - stride;
  return {
    count,
    broken,
    sound: count - broken,
    ordinalOf(number) {
      const stride = strideOf(number - 1);
      return brokenIn(stride) === number - 1 ? stride : -1;
    },
    brokenBefore(number) {
      if (number > count) {
        return broken;
      }
      const stride = strideOf(number - 1);
      return stride + (brokenIn(stride) < number - 1 ? 1 : 0);
    },
    brokenNumber: (ordinal) => brokenIn(ordinal) + 1,
    soundNumber(ordinal) {
      let stride = Math.min(broken - 1, Math.max(0, Math.ceil((ordinal + 1) / (length - 1)) - 1));
      while (soundBefore(stride) > ordinal) {
        stride--;
      }
      while (soundBefore(stride + 1) <= ordinal) {
        stride++;
      }
      const index = start(stride) + ordinal - soundBefore(stride);
      return index + (index >= brokenIn(stride) ? 2 : 1);
    },
  };
}
