/** The command line in a terminal, as a person has it: what is shown, what is typed, how it ends. */
import { join } from 'node:path';
import process from 'node:process';
import { stripVTControlCharacters } from 'node:util';
import { afterEach } from '@jest/globals';
import { type IPty, spawn } from '@lydell/node-pty';
import { projectRoot } from '../../src/shared/project.ts';
import { ownEnvironment } from './command.ts';
import { until } from './until.ts';

export const KEYS = { enter: '\r', down: '\x1b[B', escape: '\x1b', interrupt: '\x03', end: '\x04' } as const;

export interface Terminal {
  /** Everything that was written since it was started, control sequences and all. */
  readonly raw: string;
  /** The same, without control sequences. */
  readonly text: string;
  readonly pid: number;
  /** Waits until what came after what was waited for before holds `text`. @returns what was found of it */
  shows(text: string | RegExp): Promise<string>;
  type(keys: string): void;
  /** Waits for a list or a question, and answers it. */
  answer(question: string | RegExp, keys: string): Promise<void>;
  ended(): Promise<{ readonly exitCode: number; readonly signal: number | undefined }>;
}

const started: IPty[] = [];

afterEach(() => {
  for (const terminal of started.splice(0)) {
    try {
      terminal.kill('SIGKILL');
    } catch {
      // it has ended by itself
    }
  }
});

export interface TerminalOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** `meridian <args>` in a terminal of 120 columns and 50 rows. */
export function terminal(args: readonly string[], { cwd, env = {} }: TerminalOptions): Terminal {
  const child = spawn(process.execPath, [join(projectRoot, 'bin', 'meridian.js'), ...args], {
    name: 'xterm-256color',
    cols: 120,
    rows: 50,
    cwd,
    env: { ...ownEnvironment(), TERM: 'xterm-256color', ...env },
  });
  started.push(child);
  let raw = '';
  let seen = 0;
  let end: { exitCode: number; signal: number | undefined } | undefined;
  child.onData((data) => {
    raw += data;
  });
  child.onExit(({ exitCode, signal }) => {
    end = { exitCode, signal };
  });
  const text = () => stripVTControlCharacters(raw).replaceAll('\r', '');
  const shows = async (wanted: string | RegExp) => {
    let [from, length] = [-1, 0];
    try {
      await until(`the terminal shows ${wanted}`, () => {
        const rest = text().slice(seen);
        const match = typeof wanted === 'string' ? undefined : wanted.exec(rest);
        from = typeof wanted === 'string' ? rest.indexOf(wanted) : (match?.index ?? -1);
        length = typeof wanted === 'string' ? wanted.length : (match?.[0].length ?? 0);
        return from >= 0;
      });
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : ''}. It shows:\n${text().slice(seen)}`);
    }
    const found = text().slice(seen + from, seen + from + length);
    seen += from + length;
    return found;
  };
  return {
    get raw() {
      return raw;
    },
    get text() {
      return text();
    },
    pid: child.pid,
    shows,
    type: (keys) => child.write(keys),
    async answer(question, keys) {
      await shows(question);
      child.write(keys);
    },
    async ended() {
      await until('it has ended', () => end !== undefined);
      return end ?? { exitCode: -1, signal: undefined };
    },
  };
}
