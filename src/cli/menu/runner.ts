/** Runs commands for the menu: prints the command line of each, and handles Ctrl-C meanwhile. */

import process from 'node:process';
import { styleText } from 'node:util';
import type { Runner } from '../../config/menu-entry.ts';
import { nextTurn } from '../../shared/environment.ts';
import { INTERRUPTED } from '../output/exit-code.ts';
import { printableLines } from '../output/printable.ts';
import { commandLine } from './command-line.ts';
import { ignoreKeys } from './ignored-keys.ts';
import { Left } from './no-answer.ts';

const SHOW_CURSOR = '\x1b[?25h';
const TERMINATED = 143;

export interface OpenRunner extends Runner {
  close(): void;
}

/**
 * Opens a runner, which listens for Ctrl-C. Questions handle it themselves, because the terminal sends no signal while they are asked.
 *
 * @param run runs one command of the program
 */
export function openRunner(run: Runner['run']): OpenRunner {
  let isRunning = false;
  let isGentle = false;
  let isInterrupted = false;
  let others = 0;
  const interrupt = () => {
    // a command that handles the interruption has its own listener
    const isAwaited = isGentle || (isRunning && process.listenerCount('SIGINT') > others);
    if (isInterrupted || !isAwaited) {
      process.exit(INTERRUPTED);
    }
    isInterrupted = true;
  };
  const terminate = () => process.exit(TERMINATED);
  const showCursor = () => process.stdout.write(SHOW_CURSOR);
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', terminate);
  process.on('exit', showCursor);

  const leaveIfInterrupted = () => {
    if (isInterrupted) {
      throw new Left(INTERRUPTED);
    }
  };
  return {
    get isInterrupted() {
      return isInterrupted;
    },
    async run(args) {
      process.stdout.write(`\n${styleText('bold', printableLines(commandLine(args)))}\n\n`);
      others = process.listenerCount('SIGINT');
      process.exitCode = 0;
      isRunning = true;
      const heedKeys = ignoreKeys();
      try {
        const exitCode = await run(args);
        // signals and keys arrive between turns of the event loop, which a synchronous command may not have yielded to
        await nextTurn();
        return exitCode;
      } finally {
        isRunning = false;
        heedKeys();
        process.exitCode = 0;
        if (!isGentle) {
          leaveIfInterrupted();
        }
      }
    },
    async gently(work) {
      isGentle = true;
      try {
        await work();
      } finally {
        isGentle = false;
      }
      leaveIfInterrupted();
    },
    close() {
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', terminate);
      process.off('exit', showCursor);
    },
  };
}
