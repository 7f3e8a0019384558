/**
 * Starts the suites that take minutes before all others, so that none is left for one worker at the end. Jest knows what takes long
 * only where it has run before, and in a fresh clone it takes large files for slow ones.
 */
import { createRequire } from 'node:module';

// its types are those of the CommonJS module
const { default: Sequencer } = createRequire(import.meta.url)(
  '@jest/test-sequencer',
) as typeof import('@jest/test-sequencer');

/** What the paths of suites contain that take a minute or more on two cores, those first that take longest. */
export const LONGEST = [
  'shop/sync/statement-faults.',
  'populate/statement-faults.',
  'all-or-nothing/killed.',
  'all-or-nothing/all-or-nothing.',
  'populate/crash.',
  'projects/parcels.',
  'mutants/mutants.',
  'relations/killed.',
  'populate/kill.',
  'docs/pages.nats.',
  'populate/arrangements.',
  'database/mikro-orm-cli.',
  'populate/stored-values.',
  'simulator/seeds-',
  'mutants/stored-plans.',
  'docs/pages.thorough.',
  'shop/sync/kill.',
  'cli/populate.sets.',
  'docs/pages.postgresql.',
  'resume/continue.',
  'cli/populate.crash.',
  'docs/getting-started.',
  'shop/cli/populate.regions.',
  'postgresql/sharing.',
  'populate/properties.',
  'events/contract.property.',
  'export/export.property.',
  'nats/faults.',
  'shop/cli/regions-remove.',
  'test/installed.',
] as const;

type Tests = Parameters<InstanceType<typeof Sequencer>['sort']>[0];

export default class LongestFirst extends Sequencer {
  override async sort(tests: Tests): Promise<Tests> {
    return longestFirst(await super.sort(tests));
  }
}

/** Keeps the order of suites that no entry names. */
export function longestFirst<T extends { readonly path: string }>(tests: readonly T[]): T[] {
  return tests.toSorted((one, other) => rankOf(one.path) - rankOf(other.path));
}

function rankOf(path: string): number {
  const rank = LONGEST.findIndex((part) => path.includes(`/${part}`));
  return rank === -1 ? LONGEST.length : rank;
}
