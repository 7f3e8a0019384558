/** A build of the project with one deliberate bug in it, and whether tests notice. */
import { spawn } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { json } from 'node:stream/consumers';
import { afterAll } from '@jest/globals';
import { buildRoot, projectRoot } from '../../src/shared/project.ts';
import { WITH_BUNDLES } from './bundled.ts';
import { DEPTH_VARIABLE } from './jest/depth-asked.ts';
import { RECORD_VARIABLE } from './jest/record.ts';
import { STOP_VARIABLE } from './jest/stop-at-failure.ts';
import { RUN_FOLDER_VARIABLE } from './sqlite/run-folder.ts';
import { LIMIT_SECONDS } from './until.ts';

export interface Change {
  /** Below `dist/src`. */
  readonly file: string;
  /** What stands there once, as it is compiled. */
  readonly from: string;
  readonly to: string;
}

export interface MutantRun {
  readonly passed: number;
  /** The name of a test that failed: those after it were not run. */
  readonly failed: readonly string[];
  /** Why a test file could not be run at all, which says nothing of its tests. */
  readonly broken: readonly string[];
}

/** A copy of the build, where the project's packages are found; each of Jest's workers has its own. */
const FOLDER = join(buildRoot, `mutant-${process.env['JEST_WORKER_ID'] ?? 1}`);
const MIGRATED = join(FOLDER, 'migrated');

let isCopied = false;

afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

/**
 * Runs test files, as `npm test` runs them, against a copy of the build that has been changed, until a test fails.
 *
 * @param tests paths below `dist/test`
 * @param names of the tests to run, as a pattern
 * @throws Error when what is to be changed is not there just once
 */
export async function runMutant(
  bug: string,
  changes: readonly Change[],
  tests: readonly string[],
  names: string,
): Promise<MutantRun> {
  copyBuild();
  try {
    for (const change of changes) {
      apply(bug, change);
    }
    return await runTests(tests, names);
  } finally {
    for (const { file } of changes) {
      copyFileSync(join(buildRoot, 'src', file), join(FOLDER, 'src', file));
    }
  }
}

/** Once, for it has thousands of files. */
function copyBuild(): void {
  if (!isCopied) {
    rmSync(FOLDER, { recursive: true, force: true });
    for (const part of ['src', 'test']) {
      cpSync(join(buildRoot, part), join(FOLDER, part), { recursive: true });
    }
    mkdirSync(MIGRATED);
    isCopied = true;
  }
}

function apply(bug: string, { file, from, to }: Change): void {
  const path = join(FOLDER, 'src', file);
  const text = readFileSync(path, 'utf8');
  if (text.split(from).length !== 2) {
    throw new Error(`${bug}: ${file} has ${text.split(from).length - 1} times: ${from}`);
  }
  writeFileSync(
    path,
    text.replace(from, () => to),
  );
}

async function runTests(tests: readonly string[], names: string): Promise<MutantRun> {
  const config = {
    rootDir: FOLDER,
    roots: [join(FOLDER, 'test')],
    testMatch: ['**/*.test.js'],
    transform: {},
    testRunner: join(FOLDER, 'test', 'support', 'jest', 'run-file.js'),
    testEnvironment: 'node',
    testTimeout: LIMIT_SECONDS * 2000,
    maxWorkers: 1,
  };
  const jest = join(projectRoot, 'node_modules', 'jest', 'bin', 'jest.js');
  const child = spawn(
    process.execPath,
    [
      WITH_BUNDLES,
      '--no-warnings',
      jest,
      '--config',
      JSON.stringify(config),
      '--json',
      '--silent',
      '--testNamePattern',
      names,
      ...tests.map((path) => join(FOLDER, 'test', path)),
    ],
    {
      cwd: projectRoot,
      env: {
        ...process.env,
        [DEPTH_VARIABLE]: undefined,
        // what a mutant passes says nothing of the project, nor is its coverage counted
        [RECORD_VARIABLE]: undefined,
        [STOP_VARIABLE]: 'yes',
        // migrated once, but not with databases of other test files
        [RUN_FOLDER_VARIABLE]: MIGRATED,
        // what is the same in all mutants is compiled once
        NODE_COMPILE_CACHE: join(FOLDER, 'compiled'),
      },
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  const { testResults } = (await json(child.stdout)) as {
    testResults: { message: string; assertionResults: { status: string; fullName: string }[] }[];
  };
  const results = testResults.flatMap(({ assertionResults }) => assertionResults);
  return {
    passed: results.filter(({ status }) => status === 'passed').length,
    failed: results.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
    broken: testResults.filter(({ assertionResults }) => assertionResults.length === 0).map(({ message }) => message),
  };
}
