/**
 * Determines which of the record numbers from 1 to `count` are broken, so that any thread knows without visiting the others. The numbers
 * are divided into as many strides as there are broken records, and one number of each stride is broken.
 */
import { hash } from './random.ts';

/** The numbers of the broken records of a database. */
export interface Placement {
  readonly count: number;
  readonly broken: number;
  /** The number of sound records. */
  readonly sound: number;
  /** The number of broken records before a broken one; -1 for a sound record. */
  ordinalOf(number: number): number;
  /** The number of broken records below a record number. */
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
  // numbers start at 0 here; every stride has a length of at least 1, so each has a broken number
  const start = (stride: number) => (stride >= broken ? count : toInteger(stride * length));
  const brokenIn = (stride: number) => {
    const from = start(stride);
    return from + (hash(key, stride) % (start(stride + 1) - from));
  };
  const strideOf = (index: number) => {
    // because of rounding, the division may differ by one from the multiplication
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
