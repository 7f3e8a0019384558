/** A build of the project with one deliberate bug in it, and whether tests notice. */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { json } from 'node:stream/consumers';
import { buildRoot, projectRoot } from '../../src/shared/project.ts';
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
  /** Names of tests that failed. */
  readonly failed: readonly string[];
  /** Why a test file could not be run at all, which says nothing of its tests. */
  readonly broken: readonly string[];
}

/**
 * Runs test files against a copy of the build that has been changed.
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
  // where the project's packages are found
  const folder = join(buildRoot, 'mutants', bug.replaceAll(/\W+/g, '-'));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const part of ['src', 'test']) {
    cpSync(join(buildRoot, part), join(folder, part), { recursive: true });
  }
  for (const { file, from, to } of changes) {
    const path = join(folder, 'src', file);
    const text = readFileSync(path, 'utf8');
    if (text.split(from).length !== 2) {
      throw new Error(`${bug}: ${file} has ${text.split(from).length - 1} times: ${from}`);
    }
    writeFileSync(
      path,
      text.replace(from, () => to),
    );
  }
  const config = {
    rootDir: folder,
    roots: [join(folder, 'test')],
    testMatch: ['**/*.test.js'],
    transform: {},
    testRunner: join(folder, 'test', 'support', 'jest', 'run-file.js'),
    testEnvironment: 'node',
    testTimeout: LIMIT_SECONDS * 2000,
    maxWorkers: 1,
  };
  const jest = join(projectRoot, 'node_modules', 'jest', 'bin', 'jest.js');
  const child = spawn(
    process.execPath,
    [
      '--no-warnings',
      jest,
      '--config',
      JSON.stringify(config),
      '--json',
      '--silent',
      '--testNamePattern',
      names,
      ...tests.map((path) => join(folder, 'test', path)),
    ],
    {
      cwd: projectRoot,
      // its databases are migrated by the mutant itself
      env: { ...process.env, [RUN_FOLDER_VARIABLE]: undefined },
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  const { testResults } = (await json(child.stdout)) as {
    testResults: { message: string; assertionResults: { status: string; fullName: string }[] }[];
  };
  rmSync(folder, { recursive: true, force: true });
  const results = testResults.flatMap(({ assertionResults }) => assertionResults);
  return {
    passed: results.filter(({ status }) => status === 'passed').length,
    failed: results.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
    broken: testResults.filter(({ assertionResults }) => assertionResults.length === 0).map(({ message }) => message),
  };
}
