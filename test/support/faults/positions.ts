/** At which statements of a program faults are made. */

/** Each so-manieth, or those that no other one stands for. */
export type Step = number | 'distinct';

/** A word of a command line. */
export function stepIn(word: string): Step {
  return word === 'distinct' ? word : Number(word);
}

/**
 * Numbers of statements, from 1. Of those that are distinct, the first and the last one: a statement is the same as another one when both
 * have the same text and come after the same text.
 *
 * @param known programs whose statements are met already
 */
export function positionsIn(
  program: readonly string[],
  step: Step,
  ...known: readonly (readonly string[])[]
): number[] {
  const all = program.map((_, index) => index + 1);
  if (step !== 'distinct') {
    return all.filter((number) => (number - 1) % step === 0);
  }
  const met = new Set(known.flatMap((statements) => statements.map(transition)));
  const first = new Map<string, number>();
  const last = new Map<string, number>();
  for (const [index, text] of program.entries()) {
    const name = transition(text, index, program);
    if (!met.has(name)) {
      first.set(name, first.get(name) ?? index + 1);
      last.set(name, index + 1);
    }
  }
  const chosen = new Set([...first.values(), ...last.values()]);
  return all.filter((number) => chosen.has(number));
}

function transition(text: string, index: number, program: readonly string[]): string {
  return `${kindOf(program[index - 1] ?? '')}\n${kindOf(text)}`;
}

/** Without what is new each time, such as a time, the id of a run, or a fencing token. */
function kindOf(text: string): string {
  return text.replaceAll(/'\d{4}-\d\d-\d\dT[^']*'|\d{6,}/g, '…');
}

/**
 * Whether a program that runs now has come to the statement with a number of the one that ran before. Databases that are worked on at the
 * same time take turns in another order each time, so it counts how often the text has come, and not all statements.
 *
 * @returns called with every statement, it is true once
 */
export function momentOf(program: readonly string[], position: number): (text: string) => boolean {
  const kind = kindOf(program[position - 1] ?? '');
  let remaining = program.slice(0, position).filter((text) => kindOf(text) === kind).length;
  return (text) => kindOf(text) === kind && --remaining === 0;
}

/** Which texts of a program are not among those at which a fault was made, nor in programs whose statements are met already. */
export function missedOf(
  program: readonly string[],
  hit: ReadonlySet<string>,
  ...known: readonly (readonly string[])[]
): string[] {
  const met = new Set([...hit, ...known.flat()].map(kindOf));
  return [...new Set(program.map(kindOf))].filter((kind) => !met.has(kind));
}
