/** Numbers that only look random: the same seed gives the same ones on every machine. */

/** Whole numbers from 0 to 2 ** 32 - 1, well mixed from a seed and a number (Chris Wellons's lowbias32). */
export function mix(seed: number, number: number): number {
  let x = (Math.imul(seed, 0x9e3779b1) ^ number) >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

/** A copy in an order that depends on the seed alone (Fisher and Yates). */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last--) {
    const other = mix(seed, last) % (last + 1);
    [order[last], order[other]] = [order[other] as T, order[last] as T];
  }
  return order;
}
