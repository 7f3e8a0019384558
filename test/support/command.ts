/** The command line, in a folder of the test's own: in this process where that shows the same, else as a child process. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { run } from '../../src/cli/run.ts';
import type { Project } from '../../src/config/module.ts';
import { projectRoot } from '../../src/shared/project.ts';
import { replaceEnvironment } from './environment.ts';
import { project as ownProject } from './project.ts';

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd: string;
  readonly input?: string | Uint8Array;
  readonly env?: NodeJS.ProcessEnv;
  /** Run as this user id (only root can). */
  readonly uid?: number;
  /** Instead of Meridian's own; the command runs in this process. */
  readonly project?: Project;
  /** Called with the child process. */
  readonly during?: (child: ChildProcess) => void;
}

/** This process's environment, without what would lead a child to other databases or other options. */
export function ownEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/_DATABASE_URL(_|$)|^REGIONS?$|^NATS_(?!SERVER$)|^NODE_OPTIONS$/.test(name),
    ),
  );
}

let isRunning = false;

/**
 * `meridian <args>`, awaited. In this process, which spares most of the time, unless the test signals the command, sends it input or
 * runs two at once.
 */
export function meridian(args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  const { input, uid, during } = options;
  const needsProcess = uid !== undefined || during !== undefined || input !== undefined || args.includes('-');
  return needsProcess || isRunning ? meridianProcess(args, options) : meridianHere(args, options);
}

/** `meridian <args>` in this process: what it changes of the process is put back. */
async function meridianHere(
  args: readonly string[],
  { cwd, env = {}, project = ownProject }: CommandOptions,
): Promise<CommandResult> {
  isRunning = true;
  const output = { stdout: '', stderr: '' };
  const undo = [
    inFolder(cwd),
    replaceEnvironment({ ...ownEnvironment(), ...env }),
    withoutListeners('SIGINT', 'SIGTERM', 'exit'),
    captured('stdout', output),
    captured('stderr', output),
  ];
  const { exitCode } = process;
  process.exitCode = undefined;
  try {
    const code = await run(args, project);
    return { code, ...output };
  } finally {
    process.exitCode = exitCode;
    for (const step of undo.reverse()) {
      step();
    }
    isRunning = false;
  }
}

function inFolder(folder: string): () => void {
  const before = process.cwd();
  process.chdir(folder);
  return () => process.chdir(before);
}

/** Afterwards the listeners of these events are those of before. */
function withoutListeners(...events: readonly string[]): () => void {
  const before = new Map(events.map((event) => [event, process.rawListeners(event)]));
  return () => {
    for (const [event, listeners] of before) {
      for (const listener of process.rawListeners(event)) {
        if (!listeners.includes(listener)) {
          process.off(event, listener as () => void);
        }
      }
    }
  };
}

/** Collects what is written to a stream that is no terminal. */
function captured(name: 'stdout' | 'stderr', output: Record<'stdout' | 'stderr', string>): () => void {
  const stream = process[name];
  const replaced = {
    isTTY: false,
    columns: undefined,
    write(chunk: string | Uint8Array, encoding?: unknown, callback?: unknown): boolean {
      output[name] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
      const done = typeof encoding === 'function' ? encoding : callback;
      if (typeof done === 'function') {
        process.nextTick(done);
      }
      return true;
    },
  };
  const before = Object.keys(replaced).map((key) => [key, Object.getOwnPropertyDescriptor(stream, key)] as const);
  for (const [key, value] of Object.entries(replaced)) {
    Object.defineProperty(stream, key, { value, configurable: true, writable: true });
  }
  return () => {
    for (const [key, descriptor] of before) {
      if (descriptor === undefined) {
        Reflect.deleteProperty(stream, key);
      } else {
        Object.defineProperty(stream, key, descriptor);
      }
    }
  };
}

/** `meridian <args>` as a process of its own, awaited. */
export function meridianProcess(args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  const { cwd, input, env = {}, uid, during } = options;
  const child = spawn(process.execPath, [join(projectRoot, 'bin', 'meridian.js'), ...args], {
    cwd,
    env: { ...ownEnvironment(), ...env },
    ...(uid === undefined ? {} : { uid }),
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.on('error', () => undefined);
  if (input !== undefined) {
    child.stdin.end(input);
  } else if (!args.includes('-')) {
    child.stdin.end();
  }
  during?.(child);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}
