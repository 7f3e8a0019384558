/**
 * Commands that stop at a breakpoint, so that what a test does to them there happens in mid-work, however fast or slow the machine is.
 * Watching a command from outside and then signalling it is a race that the command can win.
 */
import type { ChildProcess } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withBundlesAnd } from '../bundled.ts';
import { type CommandOptions, type CommandResult, meridianProcess } from '../command.ts';
import { makeFolder } from '../folder.ts';
import { until } from '../until.ts';
import { FOLDER_VARIABLE, REACHED, RESUMED } from './stop.ts';

/** The modules beside this one; each says when it stops a command. */
export type Moment = 'before-write' | 'after-commit' | 'at-loaded' | 'at-checked' | 'after-output';

export interface Breakpoint {
  /** The environment of the command. */
  readonly env: NodeJS.ProcessEnv;
  /** Waits until the command is stopped. @throws Error when it ends before */
  reached(child: ChildProcess): Promise<void>;
  /** Lets it go on, and not stop again. */
  resume(): void;
}

export function breakpoint(moment: Moment): Breakpoint {
  const folder = makeFolder();
  const module = join(import.meta.dirname, `${moment}.js`);
  return {
    env: { NODE_OPTIONS: withBundlesAnd(module), [FOLDER_VARIABLE]: folder },
    reached: (child) =>
      until(`the command is stopped (${moment})`, () => {
        if (child.exitCode !== null || child.signalCode !== null) {
          throw new Error(
            `The command ended (${child.exitCode ?? child.signalCode}) before it was stopped (${moment})`,
          );
        }
        return existsSync(join(folder, REACHED));
      }),
    resume: () => writeFileSync(join(folder, RESUMED), ''),
  };
}

/** `meridian <args>` as a process of its own that is stopped, acted on, and resumed. */
export async function meridianStopped(
  moment: Moment,
  args: readonly string[],
  options: Omit<CommandOptions, 'during'>,
  act: (child: ChildProcess) => unknown,
): Promise<CommandResult> {
  const { env, reached, resume } = breakpoint(moment);
  let acting: Promise<void> | undefined;
  const running = meridianProcess(args, {
    ...options,
    env: { ...options.env, ...env },
    during: (child) => {
      acting = reached(child)
        .then(() => act(child))
        .then(() => undefined)
        .finally(resume);
    },
  });
  const [result] = await Promise.all([running, acting]);
  return result;
}
