/** Starts the suites that take minutes before all others, so that none is left for one worker at the end. */
import { createRequire } from 'node:module';

// its types are those of the CommonJS module
const { default: Sequencer } = createRequire(import.meta.url)(
  '@jest/test-sequencer',
) as typeof import('@jest/test-sequencer');

/** In the paths of suites that take a minute or more on two cores. */
const LONG =
  /statement-faults|\bkill\.test|mutants|pages\.|getting-started|projects\/|installed|killed|all-or-nothing|crash|mikro-orm-cli|populate\.regions|arrangements/;

type Tests = Parameters<InstanceType<typeof Sequencer>['sort']>[0];

export default class LongestFirst extends Sequencer {
  override async sort(tests: Tests): Promise<Tests> {
    const sorted = await super.sort(tests);
    const { long = [], short = [] } = Object.groupBy(sorted, ({ path }) => (LONG.test(path) ? 'long' : 'short'));
    return [...long, ...short];
  }
}
