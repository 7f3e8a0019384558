/** Runs a load in its own thread, and returns its progress to this one. */
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

// in this folder, compiled or not
const THREAD = new URL(`load.worker${extname(import.meta.url)}`, import.meta.url);

/**
 * The data of a load is small and short-lived. Without a limit of the young generation, V8 lets three heaps grow with garbage. The limit of
 * the old generation is for runaway growth, and is generous: with 512 MB, V8 marks its few MB some thirty times per 1,000,000 records, and
 * promotes what survives meanwhile; with this limit, four times. A record may have 64 MiB of text, and its pieces take a few times as much.
 * From 2048 MB on, V8 lets the old generation grow to four times its live size before it collects garbage, below that to twice
 * (MemoryController::MaxGrowingFactor in its sources): for Parquet, 228 MB instead of 265.
 */
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 2000 };

/**
 * If many objects of one kind survive a collection, V8 allocates further ones in the old generation. Entities of a batch sometimes do so by
 * chance, which leaves some 50 MB of dead ones there in a load of 1,000,000 records. This setting applies to the process.
 */
const V8_FLAG = '--no-allocation-site-pretenuring';

/** Threads use Node's compile cache only if a variable enables it (https://nodejs.org/api/module.html#moduleenablecompilecachecachedir). */
function threadEnvironment(): NodeJS.ProcessEnv {
  const folder = getCompileCacheDir();
  // Node appends a folder for its version to the given one
  return folder === undefined ? process.env : { ...process.env, NODE_COMPILE_CACHE: dirname(folder) };
}

export interface ThreadResult {
  readonly progress: LoadProgress;
  /** The error that stopped the load before the end of the source. */
  readonly failure: Error | undefined;
}

/** @throws if the thread cannot run */
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
