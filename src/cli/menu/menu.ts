/** The menu that `meridian` without arguments opens in a terminal. Each action runs a command, which the menu prints. */
import type { MenuEntry, Questions } from '../../config/menu-entry.ts';
import type { Project } from '../../config/module.ts';
import { MeridianError } from '../../shared/errors.ts';
import { version } from '../../shared/project.ts';
import { printableLines } from '../output/printable.ts';
import { buildProgram } from '../program.ts';
import { run } from '../run.ts';
import { argumentsOf, describe } from './action.ts';
import { entriesOf } from './entries.ts';
import { GoneBack, Left } from './no-answer.ts';
import { openRunner } from './runner.ts';
import { terminalQuestions } from './terminal-questions.ts';

const EXIT = { name: 'Exit', description: 'Back to the shell.' };
const BACK = { name: 'Back', description: 'To the first list.' };

/** @returns the exit code */
export async function menu(project: Project, questions: Questions = terminalQuestions): Promise<number> {
  const program = await buildProgram(project);
  const runner = openRunner((args) => run(args, project));

  /** Shows a list repeatedly until its last choice is selected. Esc leaves a nested list, and returns from a question. */
  async function offer(message: string, entries: readonly MenuEntry[], last: typeof EXIT): Promise<void> {
    const choices = [...entries, last].map((value) => ({
      value,
      name: value.name,
      description: describe(value, program),
    }));
    let chosen: MenuEntry | typeof EXIT | undefined;
    do {
      try {
        chosen = await questions.choose(message, choices, chosen);
      } catch (error) {
        if (error instanceof GoneBack && last === EXIT) {
          continue;
        }
        throw error;
      }
      await attempt(chosen);
    } while (chosen !== last);
  }

  /** Runs an entry. Returns normally when Esc is pressed, and after an error that the user can resolve. */
  async function attempt(entry: MenuEntry | typeof EXIT): Promise<void> {
    try {
      await enter(entry);
    } catch (error) {
      if (error instanceof MeridianError) {
        questions.say(`Error: ${printableLines(error.message)}\n`);
      } else if (!(error instanceof GoneBack)) {
        throw error;
      }
    }
  }

  async function enter(entry: MenuEntry | typeof EXIT): Promise<void> {
    if ('actions' in entry) {
      await offer(`${entry.name}:`, entry.actions, BACK);
    } else if ('command' in entry) {
      const exitCode = await runner.run(await argumentsOf(entry, questions, program));
      questions.say(exitCode === 0 ? '' : `(exit code ${exitCode})\n`);
    } else if ('play' in entry) {
      await entry.play(questions, runner);
      questions.say('');
    }
  }

  questions.say(`Meridian ${version}. Arrow keys and Enter choose, Esc goes back, Ctrl-C leaves.\n`);
  try {
    const entries = await Promise.all(project.modules.map(async (module) => (await module.menu?.()) ?? []));
    const offered = entries.flat();
    await offer('What now?', offered.length > 0 ? offered : entriesOf(project), EXIT);
    return 0;
  } catch (error) {
    if (error instanceof Left) {
      return error.exitCode;
    }
    throw error;
  } finally {
    runner.close();
  }
}
