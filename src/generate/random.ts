/** Stateless random numbers, which depend only on the seed, the purpose and the record number. */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A generator of random numbers, which {@link randomOf} makes for one record. */
export type Random = ReturnType<typeof xoroshiro128plus>;

/** Hashes a seed of 53 bits and the words of a purpose to a 32-bit key. */
export function keyOf(seed: number, ...purpose: readonly string[]): number {
  let key = mix(mix(seed | 0) ^ Math.floor(seed / 2 ** 32));
  for (const character of purpose.join(' ')) {
    key = mix(key ^ (character.codePointAt(0) ?? 0));
  }
  return key;
}

/** A hash from 0 to 2³¹ - 1, evenly distributed and uncorrelated for neighbouring numbers. */
export function hash(key: number, number: number): number {
  return mix(mix(number ^ key) + key) >>> 1;
}

/** The finaliser of MurmurHash3: https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp */
function mix(bits: number): number {
  let mixed = (bits + 0x9e3779b9) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** The generator of one record. */
export function randomOf(key: number, number: number): Random {
  return xoroshiro128plus(mix(mix(number ^ key) + key));
}

/** A whole number, both ends included. */
export function between(random: Random, least: number, most: number): number {
  return uniformInt(random, least, most);
}

/** @param list not empty */
export function pick<T>(random: Random, list: readonly T[]): T {
  return list[uniformInt(random, 0, list.length - 1)] as T;
}
