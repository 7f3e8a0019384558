/** The command line as a child process, in a folder of the test's own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { projectRoot } from '../../src/databases/project.ts';

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
  /** Called with the running process. */
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

/** `meridian <args>`, awaited. */
export function meridian(args: readonly string[], options: CommandOptions): Promise<CommandResult> {
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
