/**
 * V8's counters for all files of a worker. Jest starts and stops them for each file; but V8 counts the blocks of a function only if
 * it has compiled it since they were started, and here sources are compiled once. Nor is the debugger enabled, as Jest does: it
 * makes everything several times slower.
 */
import { Session } from 'node:inspector/promises';
import { createRequire } from 'node:module';

/** What Jest makes one of for each file. */
interface Instrumenter {
  startInstrumenting(): Promise<void>;
  stopInstrumenting(): Promise<object[]>;
}

const { CoverageInstrumenter } = createRequire(import.meta.url)('collect-v8-coverage') as {
  CoverageInstrumenter: { readonly prototype: Instrumenter };
};

let session: Session | undefined;

Object.assign(CoverageInstrumenter.prototype, {
  async startInstrumenting() {
    if (session === undefined) {
      session = new Session();
      session.connect();
      await session.post('Profiler.enable');
      await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    }
  },
  /** What was counted since this was last called. */
  async stopInstrumenting() {
    const { result = [] } = (await session?.post('Profiler.takePreciseCoverage')) ?? {};
    return result;
  },
} satisfies Instrumenter);
