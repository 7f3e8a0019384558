/** Runs the commands of a page as a reader would: one after the other, in one shell, in a folder of their own. */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { ownEnvironment } from '../command.ts';
import { LIMIT_SECONDS } from '../until.ts';
import { isNotRun, RUNS_ON } from './not-run.ts';
import { npmEnvironment } from './npm-environment.ts';
import { type Block, type ShellCommand, stepsOf } from './pages.ts';
import { makeShims } from './shims.ts';

export interface RanCommand extends ShellCommand {
  /** Nothing where the shell did not get there. */
  readonly exitCode: number | undefined;
  /** Standard output and standard error, in the order in which they were written. */
  readonly output: string;
}

export interface RanStep {
  readonly commands: readonly RanCommand[];
  readonly expected: Block | undefined;
}

export interface Session {
  /** Whether `npm` and `npx` are npm's own, instead of what a clone of this repository has. */
  readonly usesNpm?: boolean;
  /** Shell commands that make what the page assumes. */
  readonly before?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Replaced in commands, such as an address by that of the test's server. */
  readonly replaced?: ReadonlyMap<string, string>;
  /** Whether commands that run until they are stopped run on until the page ends; else each is stopped once it has started. */
  readonly keepsRunning?: boolean;
  /** A command before which they are stopped after all. */
  readonly stopsBefore?: RegExp;
  /** How long a command may take. */
  readonly limitSeconds?: number;
}

/** Less than a test may take: the command that does not end is named. */
const COMMAND_LIMIT_SECONDS = LIMIT_SECONDS / 2;

export async function runPage(page: string, folder: string, session: Session): Promise<RanStep[]> {
  const results = join(folder, '.results');
  const work = join(folder, 'work');
  mkdirSync(results, { recursive: true });
  mkdirSync(work);
  const programs = session.usesNpm === true ? dirname(process.execPath) : makeShims(join(folder, '.bin'));
  const steps = stepsOf(page).map(({ commands, output }) => ({
    commands: commands.filter(({ text }) => !isNotRun(text)),
    expected: output,
  }));
  const commands = steps.flatMap((step) => step.commands);
  const script = join(results, 'script.sh');
  writeFileSync(script, scriptOf(commands, results, session));
  const { NATS_URL: _, ...env } = session.usesNpm === true ? npmEnvironment(ownEnvironment()) : ownEnvironment();
  const limit = session.limitSeconds ?? COMMAND_LIMIT_SECONDS;
  const path = `${programs}:${process.env['PATH']}`;
  const { lines, isStopped } = await bash(script, work, { ...env, ...session.env, PATH: path, NO_COLOR: '1' }, limit);
  if (isStopped) {
    // the one after those that have ended, of which the first is what the page assumes
    const running = commands[lines.length - 1];
    const out = running === undefined ? 'before.out' : `${lines.length - 1}.out`;
    const name = running === undefined ? session.before : `line ${running.line}: ${running.text}`;
    throw new Error(
      `${page}: not ended after ${limit} s: ${name}\nPrinted until then:\n${readOrEmpty(join(results, out))}`,
    );
  }
  const codes = codesOf(lines);
  const ran = new Map(
    commands.map((command, index) => [
      command,
      { ...command, exitCode: codes.get(index), output: readOrEmpty(join(results, `${index}.out`)) },
    ]),
  );
  return steps.map((step) => ({
    expected: step.expected,
    commands: step.commands.flatMap((one) => ran.get(one) ?? []),
  }));
}

const STOP_ALL = 'kill $(jobs -p) 2>/dev/null; wait';

/** What one command exports, the next one sees: each is a group, not a subshell. */
function scriptOf(commands: readonly ShellCommand[], results: string, session: Session): string {
  const replaced = [...(session.replaced ?? [])];
  const parts = commands.map(({ text }, index) => {
    const command = replaced.reduce((before, [from, to]) => before.replaceAll(from, to), text);
    const out = `"${results}/${index}.out"`;
    const record = `echo "${index} $?"`;
    const stop = session.stopsBefore?.test(text) ? `${STOP_ALL}\n` : '';
    return RUNS_ON.test(text)
      ? background(command, out, record, session.keepsRunning === true)
      : `${stop}{\n${command}\n} > ${out} 2>&1 < /dev/null\n${record}`;
  });
  const before = `"${results}/before.out"`;
  return [
    'set -o pipefail',
    `trap '${STOP_ALL}' EXIT`,
    `{\n${session.before ?? ':'}\n} > ${before} 2>&1 < /dev/null || { cat ${before} >&2; exit 1; }`,
    'echo before 0',
    ...parts,
  ].join('\n');
}

/** Whether a process of Node has a handler for SIGTERM: before, it would end without one. */
const HANDLES_TERM =
  '[[ $(readlink /proc/$pid/exe) == */node ]] && (( 0x$(sed -n "s/^SigCgt:\\s*//p" /proc/$pid/status) & 0x4000 ))';

/** Started, and waited for until it answers at its port, or can be stopped and has had the time to say what is wrong. */
function background(command: string, out: string, record: string, runsOn: boolean): string {
  const port = /--(?:health|port) (\d+)/.exec(command)?.[1];
  const isReady =
    port === undefined
      ? `${HANDLES_TERM} && sleep 3 && break`
      : `(exec 9<>/dev/tcp/127.0.0.1/${port}) 2>/dev/null && break`;
  const start = `${command.replace(/\s+#.*$/s, '')} > ${out} 2>&1 < /dev/null &
pid=$!
for attempt in {1..300}; do kill -0 $pid 2>/dev/null || break; ${isReady}; sleep 0.2; done`;
  // a process that runs on is well as long as it is there
  return runsOn ? `${start}\nkill -0 $pid\n${record}` : `${start}\nkill -TERM $pid\nwait $pid\n${record}`;
}

interface Ran {
  /** One for each command that has ended: its number, and its exit code. */
  readonly lines: readonly string[];
  /** Whether the limit has been reached. */
  readonly isStopped: boolean;
}

/** Stops everything once no command has ended for so long. */
function bash(script: string, cwd: string, env: NodeJS.ProcessEnv, limitSeconds: number): Promise<Ran> {
  // a process group of its own, so that what the shell waits for can be stopped
  const child = spawn('bash', [script], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const lines: string[] = [];
  let isStopped = false;
  const timer = setTimeout(() => {
    isStopped = true;
    process.kill(-(child.pid ?? 0), 'SIGKILL');
  }, limitSeconds * 1000);
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    timer.refresh();
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => {
      clearTimeout(timer);
      // what the shell itself says, such as why it did not begin
      stderr === '' ? resolve({ lines, isStopped }) : reject(new Error(stderr));
    });
  });
}

function codesOf(lines: readonly string[]): Map<number, number> {
  return new Map(lines.map((line) => line.split(' ').map(Number) as [number, number]));
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // the shell did not get there, which its exit code says
    return '';
  }
}
