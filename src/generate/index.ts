/**
 * Data generators, which modules provide for `meridian generate` and `populate --generate`. A generator makes each record only from a seed
 * and the record number, so that the same seed gives the same data on every machine, in any order, and with any number of threads.
 *
 * @packageDocumentation
 */
export type { Domain, Setting } from './domain.ts';
export type { DatabaseGenerator } from './generator.ts';
export { fieldMutations, type Mutation } from './mutation.ts';
export type { Placement } from './placement.ts';
export { between, hash, pick, type Random, randomOf } from './random.ts';
