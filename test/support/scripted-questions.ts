/** Answers to what the menu asks, given in the order in which it asks. */
import { GoneBack, Left } from '../../src/cli/menu/no-answer.ts';
import type { Choice, Questions } from '../../src/config/menu-entry.ts';

export const ESCAPE = Symbol('Esc');

export interface ScriptedQuestions extends Questions {
  /** What was asked, and what was said. */
  readonly heard: string[];
  /** What was refused, and why. */
  readonly refused: string[];
  readonly left: readonly (string | boolean | typeof ESCAPE)[];
}

/** @param answers names of choices, texts, or yes and no; a text that is refused is followed by the next one. At their end, the menu is left */
export function scriptedQuestions(...answers: (string | boolean | typeof ESCAPE)[]): ScriptedQuestions {
  const [heard, refused]: [string[], string[]] = [[], []];
  const next = (message: string) => {
    heard.push(message);
    const answer = answers.shift();
    if (answer === undefined) {
      throw new Left(0);
    }
    if (answer === ESCAPE) {
      throw new GoneBack();
    }
    return answer;
  };
  return {
    heard,
    refused,
    left: answers,
    async choose<T>(message: string, choices: readonly Choice<T>[]) {
      const answer = next(message);
      const chosen = choices.find(({ name }) => name === answer);
      if (chosen === undefined) {
        throw new Error(`${message} has no ${String(answer)}, but ${choices.map(({ name }) => name).join(', ')}`);
      }
      return chosen.value;
    },
    async text(message, { default: byDefault = '', check } = {}) {
      for (;;) {
        const answer = String(next(message)) || byDefault;
        const reason = check?.(answer);
        if (reason === undefined) {
          return answer;
        }
        refused.push(`${answer}: ${reason}`);
      }
    },
    async confirm(message) {
      return next(message) === true;
    },
    say: (sentence) => {
      heard.push(sentence);
    },
  };
}
