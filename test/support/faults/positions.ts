/** At which statements of a program faults are made. */
import { basename } from 'node:path';

/** Each so-manieth, or those that no other one stands for. */
export type Step = number | 'distinct';

/** A word of a command line. */
export function stepIn(word: string): Step {
  return word === 'distinct' ? word : Number(word);
}

/** One statement of a program. */
export interface Statement {
  readonly database: string;
  readonly text: string;
}

export type Program = readonly Statement[];

/**
 * Numbers of statements, from 1. Of those that are distinct, the first and the last one: a statement is the same as another one when both
 * have the same text and come after the same text in their databases. What another database did just before depends on chance.
 *
 * @param known programs whose statements are met already
 */
export function positionsIn(program: Program, step: Step, ...known: readonly Program[]): number[] {
  const all = program.map((_, index) => index + 1);
  if (step !== 'distinct') {
    return all.filter((number) => (number - 1) % step === 0);
  }
  const met = new Set(known.flatMap(transitionsIn));
  const first = new Map<string, number>();
  const last = new Map<string, number>();
  for (const [index, name] of transitionsIn(program).entries()) {
    if (!met.has(name)) {
      first.set(name, first.get(name) ?? index + 1);
      last.set(name, index + 1);
    }
  }
  const chosen = new Set([...first.values(), ...last.values()]);
  return all.filter((number) => chosen.has(number));
}

function transitionsIn(program: Program): string[] {
  const before = new Map<string, string>();
  return program.map(({ database, text }) => {
    const kind = kindOf(text);
    const transition = `${before.get(database) ?? ''}\n${kind}`;
    before.set(database, kind);
    return transition;
  });
}

/** Without values, as if all were parameters: numbers, lists and objects, times, the id of a run, a fencing token. */
function kindOf(text: string): string {
  return text.replaceAll(/'\d{4}-\d\d-\d\dT[^']*'|'[[{](?:[^']|'')*'|\b\d+(?:\.\d+)?\b/g, '…');
}

/**
 * Whether a program that runs now has come to the statement with a number of the one that ran before. Databases that are worked on at the
 * same time take turns in another order each time, so it counts how often the text has come in its database.
 *
 * @returns called with every statement, it is true once
 */
export function momentOf(program: Program, position: number): (text: string, database: string) => boolean {
  const nameOf = ({ database, text }: Statement) => `${basename(database)}\n${kindOf(text)}`;
  const names = program.slice(0, position).map(nameOf);
  const name = names.at(-1);
  let remaining = names.filter((one) => one === name).length;
  return (text, database) => nameOf({ database, text }) === name && --remaining === 0;
}

/** Which texts of a program are not among those at which a fault was made, nor in programs whose statements are met already. */
export function missedOf(program: Program, hit: ReadonlySet<string>, ...known: readonly Program[]): string[] {
  const met = new Set([...hit, ...known.flat().map(({ text }) => text)].map(kindOf));
  return [...new Set(program.map(({ text }) => kindOf(text)))].filter((kind) => !met.has(kind));
}
