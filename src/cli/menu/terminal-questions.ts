/** Asks questions in the terminal. Esc goes back; Ctrl-C and Ctrl-D leave the menu, as in a shell. */

import process from 'node:process';
import type { Key } from 'node:readline';
import { confirm, input, select } from '@inquirer/prompts';
import type { Questions } from '../../config/menu-entry.ts';
import { nextTurn } from '../../shared/environment.ts';
import { INTERRUPTED } from '../output/exit-code.ts';
import { printable } from '../output/printable.ts';
import { print } from '../output/terminal.ts';
import { GoneBack, Left } from './no-answer.ts';

/** The maximum number of visible choices, if the terminal is high enough. */
const MAX_PAGE = 14;
/** Lines that a list needs besides its choices. */
const OTHER_LINES = 5;

/** Passed to prompts, which read `clearPromptOnDone` when they end. */
type Context = { readonly signal: AbortSignal; clearPromptOnDone: boolean };

export const terminalQuestions: Questions = {
  choose: (message, choices, first) =>
    ask((context) =>
      select(
        {
          message,
          choices: choices.map((choice) => ({ ...choice, name: printable(choice.name) })),
          pageSize: Math.max(3, Math.min(MAX_PAGE, (process.stdout.rows ?? MAX_PAGE) - OTHER_LINES)),
          loop: false,
          ...(first === undefined ? {} : { default: first }),
        },
        context,
      ),
    ),
  text: (message, { default: byDefault, check } = {}) =>
    ask((context) =>
      input(
        {
          message,
          validate: (text) => check?.(text.trim()) ?? true,
          ...(byDefault === undefined ? {} : { default: byDefault }),
        },
        context,
      ).then((text) => text.trim()),
    ),
  confirm: (message, byDefault) => ask((context) => confirm({ message, default: byDefault }, context)),
  say(sentence) {
    print(process.stdout, sentence);
  },
};

async function ask<T>(prompt: (context: Context) => Promise<T>): Promise<T> {
  const end = new AbortController();
  const context: Context = { signal: end.signal, clearPromptOnDone: false };
  let reason: GoneBack | Left = new Left(0);
  const onKey = (_: string | undefined, { name }: Key) => {
    if (name === 'escape') {
      reason = new GoneBack();
      context.clearPromptOnDone = true;
      end.abort();
    }
  };
  // Ctrl-D closes the input line, after which the prompt would wait forever
  const onPause = () => void nextTurn().then(() => end.abort());
  process.stdin.on('keypress', onKey);
  process.stdin.once('pause', onPause);
  try {
    return await prompt(context);
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') {
      throw new Left(INTERRUPTED);
    }
    throw error instanceof Error && error.name === 'AbortPromptError' ? reason : error;
  } finally {
    process.stdin.off('keypress', onKey);
    process.stdin.off('pause', onPause);
  }
}
