/**
 * Starts the suites that take minutes before all others, so that none is left for one worker at the end. Jest knows what takes long
 * only where it has run before, and in a fresh clone it takes large files for slow ones.
 */
import { createRequire } from 'node:module';

// its types are those of the CommonJS module
const { default: Sequencer } = createRequire(import.meta.url)(
  '@jest/test-sequencer',
) as typeof import('@jest/test-sequencer');

/** What the paths of suites contain that take twenty seconds or more on two cores, those first that take longest. */
export const LONGEST = [
  'populate/statement-faults.',
  'shop/sync/statement-faults.',
  'mutants/mutants.',
  'all-or-nothing/all-or-nothing.',
  'populate/crash.',
  'all-or-nothing/killed.',
  'relations/killed.',
  'docs/pages.nats.',
  'populate/kill.',
  'projects/parcels.',
  'simulator/seeds-',
  'docs/pages.thorough.',
  'mutants/stored-plans.',
  'database/mikro-orm-cli.',
  'shop/sync/kill.',
  'cli/populate.crash.',
  'relations/graph.property.',
  'cli/populate.sets.',
  'http/json.property.',
  'shop/cli/populate.regions.',
  'populate/arrangements.',
  'populate/updates.',
  'test/installed.',
  'shop/sync/run.nats.',
  'docs/getting-started.',
  'docs/pages.postgresql.',
  'populate/stored-values.',
  'page/data.browser.',
  'page/screens.browser.',
  'page/frame.browser.',
  'http/list.property.',
  'documents/store.mongodb.',
  'page/shop.browser.',
  'nats/cluster.',
  'http/prefix.property.',
  'populate/properties.',
  'postgresql/pooler.',
  'nats/faults.',
  'http/patch.',
  'sync/sync.test',
  'http/whole-pattern.',
  'simulator/whole-programs.',
  'commands/query.command.',
  'simulator/postgresql.',
  'cli/populate.interrupt.',
  'postgresql/sharing.',
  'events/contract.property.',
  'export/export.property.',
  'resume/continue.',
  'shop/cli/regions-remove.',
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
