/** The servers that are measured: each a process of its own, that answers until it is stopped. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { bench, cleanEnvironment, meridian } from '../places.ts';

export interface Server {
  readonly url: string;
  /** Of the processor, since it was started; undefined where there is no /proc. */
  cpuSeconds(): number | undefined;
  /** Lets it end what it does, and waits until it has ended. */
  stop(): Promise<void>;
}

/** No turn sends as many. */
const REQUESTS_PER_MINUTE = 1_000_000_000;

/** @param folder the working directory: databases are in `databases/` @param flags of Node.js */
export function startMeridian(folder: string, flags: readonly string[] = []): Promise<Server> {
  const options = ['--port', '0', '--json', '--no-run', '--requests-per-minute', String(REQUESTS_PER_MINUTE)];
  return start([...flags, meridian, 'serve', ...options], folder);
}

export function startByHand(folder: string): Promise<Server> {
  return start([join(bench, 'http', 'programs', 'by-hand.ts')], folder);
}

/** @throws Error with what the process printed, when it ends instead of listening */
async function start(args: readonly string[], folder: string): Promise<Server> {
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: cleanEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-2000);
  });
  const ended = once(child, 'exit').then(([code, signal]) => signal ?? code);
  const first = once(createInterface({ input: child.stdout }), 'line') as Promise<[string]>;
  const [line] = await Promise.race([
    first,
    ended.then((how): never => {
      throw new Error(`${args.join(' ')} ended with ${how}:\n${complaints}`);
    }),
  ]);
  const { url } = JSON.parse(line) as { readonly url: string };
  return {
    url,
    cpuSeconds: () => cpuSecondsOf(child.pid ?? 0),
    async stop() {
      child.kill('SIGTERM');
      const how = await ended;
      if (how !== 0) {
        throw new Error(`${args.join(' ')} ended with ${how}:\n${complaints}`);
      }
    },
  };
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const TICKS_PER_SECOND = 100;

function cpuSecondsOf(pid: number): number | undefined {
  if (process.platform !== 'linux') {
    return undefined;
  }
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // after the name of the command, which may have spaces: utime and stime are the 14th and 15th of all fields
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
