/**
 * Generators of data: a module names them for `meridian generate` and `populate --generate`. A generator makes each record from a seed and
 * its number alone, so that the same seed gives the same data on every machine, in any order, in as many threads as there are.
 *
 * @packageDocumentation
 */
export type { Domain, Setting } from './domain.ts';
export type { DatabaseGenerator } from './generator.ts';
export { fieldMutations, type Mutation } from './mutation.ts';
export type { Placement } from './placement.ts';
export { between, hash, pick, type Random, randomOf } from './random.ts';
