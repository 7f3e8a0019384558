/**
 * Jest's `testRunner`. Jest itself evaluates everything that a test file imports again for each file, in a context of its own: with
 * MikroORM among the imports that takes longer than most tests do. Here a worker process evaluates sources and packages once.
 * Test files and their support modules are evaluated for each file, so that their hooks and variables are that file's own.
 */
import { createRequire, registerHooks } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { startCounting, takeCounts } from './coverage.ts';
import { isThoroughRun, wasDepthAsked } from './depth-asked.ts';
import './end.ts';
import { recordFolder, recordTested, testedOf, untestedPattern } from './record.ts';
import { STOP_VARIABLE, stopAtFailure } from './stop-at-failure.ts';

/** What this file replaces of Jest's module system. */
interface ModuleSystem {
  requireInternalModule(path: string): unknown;
  setGlobalsForRuntime(globals: object): void;
  unstable_shouldLoadAsEsm(path: string): boolean;
  unstable_importModule(path: string): Promise<unknown>;
}

interface TestEnvironment {
  readonly moduleMocker: object;
  handleTestEvent?: typeof stopAtFailure;
}

type RunFile = (
  globalConfig: object,
  config: { readonly roots: readonly string[] },
  environment: TestEnvironment,
  modules: ModuleSystem,
  path: string,
  sendMessageToJest?: unknown,
) => Promise<FileResult>;

interface FileResult {
  readonly numFailingTests: number;
  readonly testExecError?: unknown;
  readonly testResults: readonly { readonly fullName: string; readonly status: string }[];
}

const require = createRequire(import.meta.url);
const { default: runWithJest } = require('jest-circus/runner') as { default: RunFile };

const GLOBALS_MODULE = new URL('globals.js', import.meta.url).href;
/** Where jest-circus keeps its listeners, one of which each file adds. */
const EVENT_HANDLERS = Symbol.for('EVENT_HANDLERS');
/** Where `globals.ts` finds what `@jest/globals` is to export. */
const GLOBALS = Symbol.for('meridian.jest-globals');

// `process.loadEnvFile` writes to the object that is there now: a test that assigns another one would lose what it reads
Object.defineProperty(process, 'env', { value: process.env, writable: false });

// of what tests start nothing is counted. Not sooner: V8 counts in this process only what it has compiled itself
process.env['NODE_COMPILE_CACHE'] ??= join(tmpdir(), 'meridian-compile-cache');

let files = 0;
let testFolder = '';

registerHooks({
  resolve(specifier, context, nextResolve) {
    const file = context.parentURL === undefined ? '' : new URL(context.parentURL).search;
    const resolved =
      specifier === '@jest/globals' ? { url: GLOBALS_MODULE, shortCircuit: true } : nextResolve(specifier, context);
    const isOfFile = file !== '' && (resolved.url === GLOBALS_MODULE || resolved.url.startsWith(testFolder));
    return isOfFile ? { ...resolved, url: `${resolved.url}${file}` } : resolved;
  },
});

const runFile: RunFile = (globalConfig, config, environment, modules, path, sendMessageToJest) => {
  files++;
  testFolder = pathToFileURL(`${config.roots[0]}/`).href;
  Reflect.deleteProperty(globalThis, EVENT_HANDLERS);
  const native: ModuleSystem = Object.assign(Object.create(modules), {
    requireInternalModule(module: string) {
      delete require.cache[module];
      return require(module);
    },
    setGlobalsForRuntime(globals: object) {
      Reflect.set(globalThis, GLOBALS, { ...globals, jest: environment.moduleMocker });
    },
    unstable_shouldLoadAsEsm: () => true,
    unstable_importModule: (module: string) => import(`${pathToFileURL(module).href}?file=${files}`),
  });
  if (process.env[STOP_VARIABLE] !== undefined) {
    environment.handleTestEvent = stopAtFailure;
  }
  const run = (only?: string) => {
    const selected = only === undefined ? globalConfig : { ...globalConfig, testNamePattern: only };
    return runWithJest(selected, config, environment, native, path, sendMessageToJest);
  };
  if (recordFolder === undefined) {
    return run();
  }
  return isThoroughRun ? run(untestedPattern(recordFolder, path)) : recorded(recordFolder, path, run);
};

/** Records a file whose tests `npm run test:all` would run in the same way. */
async function recorded(folder: string, path: string, run: () => Promise<FileResult>): Promise<FileResult> {
  await startCounting();
  wasDepthAsked();
  const result = await run();
  const counts = await takeCounts();
  const { numFailingTests, testExecError, testResults } = result;
  if (numFailingTests === 0 && testExecError === undefined && !wasDepthAsked()) {
    recordTested(folder, testedOf(path, testResults), counts);
  }
  return result;
}

export default runFile;
