/** Runs a whole process and measures it: wall time from start to exit, and the most memory that its tree held. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { withoutPassword } from './options.ts';
import { cleanEnvironment } from './places.ts';

/** How often memory is looked at. The kernel keeps the high-water mark, so nothing in between is missed. */
const LOOK_MILLISECONDS = 50;

export interface Step {
  readonly command: string;
  readonly args: readonly string[];
  /** Beside what every contestant gets. */
  readonly env?: NodeJS.ProcessEnv;
}

export interface Measured {
  readonly seconds: number;
  /** Of the process and all below it together; undefined where there is no /proc. */
  readonly peakBytes: number | undefined;
  readonly output: string;
}

/** @throws Error with the last lines that the process printed, when it does not exit with 0 */
export async function run({ command, args, env }: Step, cwd: string): Promise<Measured> {
  const start = process.hrtime.bigint();
  const child = spawn(command, args, {
    cwd,
    env: { ...cleanEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-100_000);
    });
  }
  let peakBytes: number | undefined;
  const look = () => {
    const bytes = child.pid === undefined ? undefined : treeHighWater(child.pid);
    peakBytes = bytes === undefined ? peakBytes : Math.max(peakBytes ?? 0, bytes);
  };
  const looking = setInterval(look, LOOK_MILLISECONDS);
  try {
    const { promise, resolve, reject } = Promise.withResolvers<{ end: bigint; how: string | number | null }>();
    let end = start;
    child.once('error', reject);
    child.once('exit', () => {
      end = process.hrtime.bigint();
    });
    child.once('close', (code, signal) => resolve({ end, how: signal ?? code }));
    const { how } = await promise;
    if (how !== 0) {
      const what = [command, ...args].map(withoutPassword).join(' ');
      throw new Error(`${what} ended with ${how}:\n${output.slice(-2000)}`);
    }
    return { seconds: Number(end - start) / 1e9, peakBytes, output };
  } finally {
    clearInterval(looking);
  }
}

/** One after the other, as one run. */
export async function runAll(steps: readonly Step[], cwd: string): Promise<Measured> {
  const measured: Measured[] = [];
  for (const step of steps) {
    measured.push(await run(step, cwd));
  }
  const peaks = measured.flatMap(({ peakBytes }) => peakBytes ?? []);
  return {
    seconds: measured.reduce((sum, { seconds }) => sum + seconds, 0),
    peakBytes: peaks.length === 0 ? undefined : Math.max(...peaks),
    output: measured.map(({ output }) => output).join(''),
  };
}

/** The sum of the high-water marks of a process and all below it; undefined when it is gone, or without /proc. */
function treeHighWater(pid: number): number | undefined {
  const highWater = readProc(`/proc/${pid}/status`)?.match(/^VmHWM:\s+(\d+) kB$/m)?.[1];
  if (highWater === undefined) {
    return undefined;
  }
  return childrenOf(pid).reduce((sum, child) => sum + (treeHighWater(child) ?? 0), Number(highWater) * 1024);
}

function childrenOf(pid: number): number[] {
  return threadsOf(pid).flatMap((thread) =>
    (readProc(`/proc/${pid}/task/${thread}/children`) ?? '').split(' ').filter(Boolean).map(Number),
  );
}

function threadsOf(pid: number): string[] {
  return unlessGone(() => readdirSync(`/proc/${pid}/task`)) ?? [];
}

function readProc(file: string): string | undefined {
  return unlessGone(() => readFileSync(file, 'utf8'));
}

/** A process may end between two looks at it: that is no error. */
function unlessGone<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ESRCH') {
      return undefined;
    }
    throw error;
  }
}
