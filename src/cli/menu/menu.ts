/** The menu that `meridian` alone opens in a terminal. Whatever it does is a command, and it shows which. */
import { MeridianError } from '../../shared/errors.ts';
import { version } from '../../shared/project.ts';
import type { Project } from '../module.ts';
import { printableLines } from '../output/terminal.ts';
import { run } from '../run.ts';
import { type Action, argumentsOf, type Group, type MenuEntry, type Runner } from './action.ts';
import { type Choice, GoneBack, Left, type Questions } from './questions.ts';
import { openRunner } from './runner.ts';
import { terminalQuestions } from './terminal-questions.ts';

/** @returns the exit code */
export async function menu(project: Project, questions: Questions = terminalQuestions): Promise<number> {
  const runner = openRunner((args) => run(args, project));
  questions.say(`Meridian ${version}. Arrow keys and Enter choose, Esc goes back, Ctrl-C leaves.\n`);
  try {
    const entries = await Promise.all(project.modules.map(async (module) => (await module.menu?.()) ?? []));
    await offerAll(entries.flat(), questions, runner);
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

const EXIT = { name: 'Exit', description: 'Back to the shell.' };

type Entry = MenuEntry | typeof EXIT;

async function offerAll(entries: readonly MenuEntry[], questions: Questions, runner: Runner): Promise<void> {
  let entry: Entry | undefined;
  do {
    await attempt(questions, async () => {
      entry = await questions.choose<Entry>('What now?', [...entries, EXIT].map(choiceOf), entry);
      await enter(entry, questions, runner);
    });
  } while (entry !== EXIT);
}

async function enter(entry: Entry, questions: Questions, runner: Runner): Promise<void> {
  if ('actions' in entry) {
    await offerGroup(entry, questions, runner);
  } else if ('command' in entry) {
    await perform(entry, questions, runner);
  } else if ('play' in entry) {
    await entry.play(questions, runner);
    questions.say('');
  }
}

/** Until Esc is pressed. */
async function offerGroup({ name, actions }: Group, questions: Questions, runner: Runner): Promise<void> {
  const back = { name: 'Back', description: 'To all that there is.' };
  let chosen: Action | typeof back | undefined;
  for (;;) {
    chosen = await questions.choose<Action | typeof back>(`${name}:`, [...actions, back].map(choiceOf), chosen);
    if (!('command' in chosen)) {
      return;
    }
    const action = chosen;
    await attempt(questions, () => perform(action, questions, runner));
  }
}

/** Comes back when Esc was pressed, and when something could not be asked for, which is told. */
async function attempt(questions: Questions, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof MeridianError) {
      questions.say(`Error: ${printableLines(error.message)}\n`);
    } else if (!(error instanceof GoneBack)) {
      throw error;
    }
  }
}

async function perform(action: Action, questions: Questions, runner: Runner): Promise<void> {
  const exitCode = await runner.run(await argumentsOf(action, questions));
  questions.say(exitCode === 0 ? '' : `(exit code ${exitCode})\n`);
}

function choiceOf<T extends { readonly name: string; readonly description: string }>(value: T): Choice<T> {
  return { value, name: value.name, description: value.description };
}
