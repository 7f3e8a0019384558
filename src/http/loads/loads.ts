/** The loads of this server, with their events. Ended loads are kept for some time. */

import { isDeepStrictEqual } from 'node:util';
import type { PopulateListener, PopulateOptions } from '../../populate/options.ts';
import { populate } from '../../populate/populate.ts';
import type { PopulateReport } from '../../populate/report.ts';
import { monotonic } from '../../shared/environment.ts';
import { type Problem, problemOf } from '../problem.ts';
import { EventLog } from '../route/event-log.ts';
import { type LoadMode, reportView } from './report-view.ts';
import { stopping } from './spool.ts';

/** Ended loads whose events and reports are kept. */
const MAX_ENDED = 100;

/** The interval between progress events of a load. */
const PROGRESS_MILLISECONDS = 100;

/** The maximum number of warnings kept. A file may have one for each record. */
const MAX_WARNINGS = 1000;

export interface Load extends LoadMode {
  /** The id of its run, the same in all databases. */
  readonly run: string;
  readonly events: EventLog;
  /** `undefined` while the load runs, and if it failed. */
  readonly report: PopulateReport | undefined;
  /** The failure of the whole load. */
  readonly failure: Problem | undefined;
  readonly isRunning: boolean;
}

/** The result where nothing is loaded because earlier runs have loaded all files. */
export interface NothingNew {
  readonly report: PopulateReport;
}

interface RunningLoad extends Load {
  report: PopulateReport | undefined;
  failure: Problem | undefined;
  isRunning: boolean;
  readonly stopping: AbortController;
}

export interface LoadOptions extends Omit<PopulateOptions, 'signal' | 'listener'> {
  /** Whether a rejected record makes the load a failure. */
  readonly isStrict?: boolean;
}

export class Loads {
  readonly #loads = new Map<string, RunningLoad>();
  /** Active loads, including those whose runs have not begun yet. */
  readonly #working = new Map<Promise<unknown>, AbortController>();
  #isStopping = false;

  /**
   * @param release called when the load has ended and no longer needs its files
   * @returns the load once its run has begun, or that there is nothing new to load
   * @throws Problem or MeridianError if it cannot begin, for example because the server is stopping
   */
  async start(
    { isStrict = false, ...options }: LoadOptions,
    release: (report: PopulateReport | undefined) => Promise<void>,
  ): Promise<Load | NothingNew> {
    const events = new EventLog();
    const stopped = new AbortController();
    const begun = Promise.withResolvers<string>();
    const listener = {
      ...listenerOf(events, (run) => begun.resolve(run)),
      beginning: () => this.#refuseWhileStopping(),
    };
    const report = this.#track(stopped, async () => {
      let result: PopulateReport | undefined;
      try {
        this.#refuseWhileStopping();
        result = await populate({ ...options, signal: stopped.signal, listener });
        return result;
      } finally {
        await release(result);
      }
    });
    const run = await Promise.race([begun.promise, report.then((ended) => ({ report: ended }))]);
    if (typeof run !== 'string') {
      return run;
    }
    const load: RunningLoad = {
      run,
      events,
      isDryRun: options.dryRun ?? false,
      isStrict,
      report: undefined,
      failure: undefined,
      isRunning: true,
      stopping: stopped,
    };
    this.#loads.set(run, load);
    report.then(
      (result) => this.#end(load, result, undefined),
      (error: unknown) => this.#end(load, undefined, problemOf(error)),
    );
    return load;
  }

  #track<T>(stopped: AbortController, work: () => Promise<T>): Promise<T> {
    const working = work().finally(() => this.#working.delete(working));
    this.#working.set(working, stopped);
    return working;
  }

  /** @throws Problem 503 */
  #refuseWhileStopping(): void {
    if (this.#isStopping) {
      throw stopping();
    }
  }

  find(run: string): Load | undefined {
    return this.#loads.get(run);
  }

  /** Ends a load after its current batch. @returns whether it is running here */
  cancel(run: string): boolean {
    const load = this.#loads.get(run);
    load?.stopping.abort();
    return load?.isRunning ?? false;
  }

  /** Ends all loads after their current batch, and refuses new ones. The same upload continues a load later. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const stopped of this.#working.values()) {
      stopped.abort();
    }
    await Promise.allSettled(this.#working.keys());
  }

  #end(load: RunningLoad, report: PopulateReport | undefined, failure: Problem | undefined): void {
    load.report = report;
    load.failure = failure;
    load.isRunning = false;
    load.events.add('ended', report === undefined ? { error: failure?.message } : reportView(report, load));
    load.events.end();
    const ended = [...this.#loads.values()].filter(({ isRunning }) => !isRunning);
    for (const { run } of ended.slice(0, Math.max(0, ended.length - MAX_ENDED))) {
      this.#loads.delete(run);
    }
  }
}

/** Adds the events of a populate to the log, each with its table. */
function listenerOf(events: EventLog, onBegun: (run: string) => void): PopulateListener {
  const last = new Map<string, number>();
  let warnings = 0;
  const ofTable = (table: string) => (earlier: unknown) => (earlier as { readonly table?: string }).table === table;
  return {
    begun(table, run) {
      events.add('begun', { table, run });
      onBegun(run);
    },
    continued: (table, { startedAt, read }) => events.add('continued', { table, startedAt, read }),
    detected: (table, file, detected) => events.add('detected', { table, file, detected }),
    started: (table, sizes) => events.add('started', { table, ...sizes }),
    progressed(table, sizes, read, rejected) {
      const now = monotonic();
      if (now - (last.get(table) ?? Number.NEGATIVE_INFINITY) >= PROGRESS_MILLISECONDS) {
        last.set(table, now);
        events.add('progress', { table, read, rejected: rejected ?? null, ...sizes }, ofTable(table));
      }
    },
    loaded: (table) => events.add('loaded', { table }),
    migrated: (database, migrations) => events.add('migrated', { database, migrations }),
    warned(table, warning) {
      warnings++;
      if (warnings <= MAX_WARNINGS) {
        events.add('warned', { table, warning }, (earlier) => isDeepStrictEqual(earlier, { table, warning }));
      }
    },
  };
}
