/** The menu that `meridian` alone opens in a terminal. Whatever it does is a command, and it shows which. */
import { MeridianError } from '../../shared/errors.ts';
import { version } from '../../shared/project.ts';
import { ENTRIES } from '../../shop/cli/menu/entries.ts';
import { simulateOutage } from '../../shop/cli/menu/outage.ts';
import { printableLines } from '../output/terminal.ts';
import { type Action, argumentsOf, type Group } from './action.ts';
import { type Choice, GoneBack, Left, type Questions } from './questions.ts';
import { openRunner, type Runner } from './runner.ts';
import { terminalQuestions } from './terminal-questions.ts';

/** @returns the exit code */
export async function menu(questions: Questions = terminalQuestions): Promise<number> {
  const runner = openRunner();
  questions.say(`Meridian ${version}. Arrow keys and Enter choose, Esc goes back, Ctrl-C leaves.\n`);
  try {
    await offerAll(questions, runner);
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

const OUTAGE = {
  name: 'Simulate an outage',
  description: 'Pauses a relay, keeps ordering, resumes, and watches central converge.',
};

const EXIT = { name: 'Exit', description: 'Back to the shell.' };

type Entry = Action | Group | typeof OUTAGE | typeof EXIT;

async function offerAll(questions: Questions, runner: Runner): Promise<void> {
  let entry: Entry | undefined;
  do {
    await attempt(questions, async () => {
      entry = await questions.choose<Entry>('What now?', [...ENTRIES, OUTAGE, EXIT].map(choiceOf), entry);
      await enter(entry, questions, runner);
    });
  } while (entry !== EXIT);
}

async function enter(entry: Entry, questions: Questions, runner: Runner): Promise<void> {
  if ('actions' in entry) {
    await offerGroup(entry, questions, runner);
  } else if ('command' in entry) {
    await perform(entry, questions, runner);
  } else if (entry === OUTAGE) {
    await simulateOutage(questions, runner);
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
