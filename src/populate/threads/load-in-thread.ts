/** Runs a load in a thread of its own and returns its progress to this one. */
import { getCompileCacheDir } from 'node:module';
import { dirname, extname } from 'node:path';
import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { IdSet } from '../../loads/id-set.ts';
import { Ledger } from '../../loads/ledger.ts';
import { usedRedirections } from '../../shared/bundled-packages.ts';
import type { PopulateListener } from '../options.ts';
import type { Target } from '../participant.ts';
import { LoadProgress } from '../resume/load-progress.ts';
import { errorOf, STOP, setsOf, type ThreadData, type ThreadJob, type ThreadMessage } from './messages.ts';

// beside this file, compiled or not
const THREAD = new URL(`load.worker${extname(import.meta.url)}`, import.meta.url);

/**
 * The data of a load is small and short-lived. Without a limit of the young generation, V8 lets three heaps grow with garbage. That of the
 * old one is for what runs wild, and is generous: with one of 512 MB, V8 marks the few MB that it holds some thirty times for 1,000,000
 * records, and moves what survives meanwhile into it; with this one, four times. A record may have 64 MiB of text, and its pieces take a
 * few times as much. From 2048 MB on, V8 lets the old generation grow to four times what lives in it before it looks for garbage, below
 * that to twice (MemoryController::MaxGrowingFactor in its sources): of Parquet, 228 MB instead of 265.
 */
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 2000 };

/**
 * Where many objects of one kind survived a collection, V8 allocates the next ones in the old generation. Entities of a batch do by chance,
 * and then some 50 MB of dead ones lie there in a load of 1,000,000 records. The setting is one of the process.
 */
const V8_FLAG = '--no-allocation-site-pretenuring';

/** A thread uses what Node has compiled before only where a variable says so (https://nodejs.org/api/module.html#moduleenablecompilecachecachedir). */
function threadEnvironment(): NodeJS.ProcessEnv {
  const folder = getCompileCacheDir();
  // Node adds a folder of its own version to the one that it is given
  return folder === undefined ? process.env : { ...process.env, NODE_COMPILE_CACHE: dirname(folder) };
}

export interface ThreadResult {
  readonly progress: LoadProgress;
  /** What stopped the load before the end of its source. */
  readonly failure: Error | undefined;
}

/** @throws when the thread cannot run */
export function loadInThread(
  { table, shape }: Target,
  job: ThreadJob,
  run: string,
  signal: AbortSignal,
  listener: PopulateListener | undefined,
): Promise<ThreadResult> {
  const { promise, resolve, reject } = Promise.withResolvers<ThreadResult>();
  const { name } = table;
  const workerData: ThreadData = { job, redirections: usedRedirections() };
  setFlagsFromString(V8_FLAG);
  const worker = new Worker(THREAD, { workerData, resourceLimits: RESOURCE_LIMITS, env: threadEnvironment() });
  const stop = () => worker.postMessage(STOP);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) {
    stop();
  }
  let result: ThreadResult | undefined;
  worker.on('message', (message: ThreadMessage) => {
    switch (message.kind) {
      case 'started':
        listener?.started?.(name, message.progress);
        break;
      case 'progressed':
        listener?.progressed?.(name, message.progress, message.read, message.rejected);
        break;
      case 'rejected':
        listener?.rejected?.(name, JSON.parse(message.entries));
        break;
      case 'loaded':
        listener?.loaded?.(name);
        break;
      case 'warned':
        listener?.warned?.(name, message.sentence);
        break;
      default: {
        const { ledger, accepted, isExact, references, failure } = message;
        const progress = new LoadProgress(table, shape, run, {
          ledger: Ledger.from(ledger),
          accepted: IdSet.from(accepted),
          references: setsOf(references),
        });
        progress.isExact = isExact;
        result = { progress, failure: failure && errorOf(failure) };
      }
    }
  });
  worker.on('error', reject);
  worker.on('exit', (code) => {
    signal.removeEventListener('abort', stop);
    if (result) {
      resolve(result);
    } else {
      reject(new Error(`${name}: the thread of its load ended with code ${code} before the load did.`));
    }
  });
  return promise;
}
