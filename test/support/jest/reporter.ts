/** Says at the end of a run what was left out, and of everything which suites took longest. */
import { globSync } from 'node:fs';
import { join, relative } from 'node:path';
import process from 'node:process';
import { buildRoot } from '../../../src/shared/project.ts';

interface Results {
  readonly numPendingTests: number;
  readonly testResults: readonly {
    readonly testFilePath: string;
    readonly perfStats: { readonly start: number; readonly end: number };
  }[];
}

interface GlobalConfig {
  /** Patterns of the files that were asked for. */
  readonly testPathPatterns: { readonly patterns: readonly string[] };
}

const SLOWEST = 10;
const LEFT_OUT = 'test/**/*.{nats,mongodb,thorough}.test.js';

export default class Reporter {
  readonly #isPart: boolean;

  constructor(globalConfig: GlobalConfig) {
    this.#isPart = globalConfig.testPathPatterns.patterns.length > 0;
  }

  onRunComplete(_contexts: unknown, { numPendingTests, testResults }: Results): void {
    if (this.#isPart) {
      return;
    }
    if (process.env['MERIDIAN_TEST_DEPTH'] === 'thorough') {
      printSlowest(testResults);
    } else {
      const files = globSync(LEFT_OUT, { cwd: buildRoot }).length;
      process.stderr.write(
        `\nLeft out: ${files} test files that need a server or more time, ${numPendingTests} single tests, and most runs of ` +
          'properties and faults. npm run test:all runs them.\n',
      );
    }
  }
}

function printSlowest(results: Results['testResults']): void {
  const suites = results
    .map(({ testFilePath, perfStats: { start, end } }) => ({ path: testFilePath, seconds: (end - start) / 1000 }))
    .sort((a, b) => b.seconds - a.seconds);
  process.stderr.write('\nThe slowest suites, in seconds:\n');
  for (const { path, seconds } of suites.slice(0, SLOWEST)) {
    process.stderr.write(`${seconds.toFixed(1).padStart(8)}  ${relative(join(buildRoot, 'test'), path)}\n`);
  }
}
