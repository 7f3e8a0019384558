/**
 * V8's counters for all files of a worker. Jest starts and stops them for each file; but V8 counts the blocks of a function only if
 * it has compiled it since they were started, and here sources are compiled once. Nor is the debugger enabled, as Jest does: it
 * makes everything several times slower.
 */
import { Session } from 'node:inspector/promises';
import { createRequire } from 'node:module';
import { isThoroughRun } from './depth-asked.ts';
import { recordFolder, type ScriptCoverage, takeCoverage } from './record.ts';

/** What Jest makes one of for each file. */
interface Instrumenter {
  startInstrumenting(): Promise<void>;
  stopInstrumenting(): Promise<object[]>;
}

const { CoverageInstrumenter } = createRequire(import.meta.url)('collect-v8-coverage') as {
  CoverageInstrumenter: { readonly prototype: Instrumenter };
};

let session: Session | undefined;

export async function startCounting(): Promise<void> {
  if (session === undefined) {
    session = new Session();
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }
}

/** What was counted since this was last called. */
export async function takeCounts(): Promise<ScriptCoverage[]> {
  const { result = [] } = (await session?.post('Profiler.takePreciseCoverage')) ?? {};
  return result;
}

Object.assign(CoverageInstrumenter.prototype, {
  startInstrumenting: startCounting,
  async stopInstrumenting() {
    const earlier = recordFolder !== undefined && isThoroughRun ? takeCoverage(recordFolder) : [];
    return [...(await takeCounts()), ...earlier];
  },
} satisfies Instrumenter);
