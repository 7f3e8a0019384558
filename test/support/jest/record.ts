/**
 * What a run of `npm test` has done, kept for a run of `npm run test:all` that leaves it out: the files and tests that it has run as
 * `test:all` would, and the coverage of these. `.ci/run` names the folder, so that no test runs twice there.
 */
import { appendFileSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';

export const RECORD_VARIABLE = 'MERIDIAN_TEST_RECORD';
const FILES = 'files.ndjson';

/** A test file in which no test has failed, and which does not ask for the depth. */
interface TestedFile {
  readonly path: string;
  /** How many tests `test:all` leaves out. */
  readonly passed: number;
  /** Their names, where others are left to `test:all`. */
  readonly names?: readonly string[];
}

interface TestResult {
  readonly fullName: string;
  readonly status: string;
}

/** How often V8 has run the parts of a script. */
export interface ScriptCoverage {
  readonly url: string;
}

const { mergeProcessCovs } = createRequire(import.meta.url)('@bcoe/v8-coverage') as {
  mergeProcessCovs(all: readonly { readonly result: readonly ScriptCoverage[] }[]): {
    readonly result: ScriptCoverage[];
  };
};

export const recordFolder = process.env[RECORD_VARIABLE];

/** Coverage of the files that this process has run. */
let own: ScriptCoverage[] = [];

export function recordTested(folder: string, file: TestedFile, coverage: readonly ScriptCoverage[]): void {
  mkdirSync(folder, { recursive: true });
  appendFileSync(join(folder, FILES), `${JSON.stringify(file)}\n`);
  const ofSources = coverage.filter(({ url }) => /\/dist\/src\//.test(url));
  own = mergeProcessCovs([{ result: own }, { result: ofSources }]).result;
  writeFileSync(join(folder, `${process.pid}.coverage.json`), JSON.stringify(own));
}

/** Which tests of a file need not run again. Those of a server all do where one does: CI counts the ones that were skipped. */
export function testedOf(path: string, results: readonly TestResult[]): TestedFile {
  const left = new Set(
    results.filter(({ status }) => status !== 'passed').map(({ fullName }) => fullName.toLowerCase()),
  );
  if (left.size === 0) {
    return { path, passed: results.length };
  }
  const names = results
    .map(({ fullName }) => fullName)
    .filter((name) => !(left.has(name.toLowerCase()) || /PostgreSQL|NATS|MongoDB/.test(name)));
  return { path, passed: names.length, names };
}

/** As Jest's `testNamePattern`, which ignores case: all tests of a file but those that have run already. */
export function untestedPattern(folder: string, path: string): string | undefined {
  const { names = [] } = testedFiles(folder).find((file) => file.path === path) ?? {};
  return names.length === 0 ? undefined : `^(?!(?:${names.map(escaped).join('|')})$)`;
}

/** For a regular expression. */
export function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

export function testedFiles(folder: string): TestedFile[] {
  const lines = readFileSync(join(folder, FILES), 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as TestedFile);
}

/** The coverage of all recorded files. Each worker of a run asks, and one of them gets it. */
export function takeCoverage(folder: string): ScriptCoverage[] {
  const taken: { readonly result: ScriptCoverage[] }[] = [];
  for (const name of readdirSync(folder).filter((one) => one.endsWith('.coverage.json'))) {
    const mine = join(folder, `${name}.taken`);
    try {
      renameSync(join(folder, name), mine);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
        continue;
      }
      throw error;
    }
    taken.push({ result: JSON.parse(readFileSync(mine, 'utf8')) as ScriptCoverage[] });
  }
  return mergeProcessCovs(taken).result;
}
