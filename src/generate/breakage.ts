/** Breaks the broken records of a database: the mutations take turns, one record each. */
import type { Domain } from './domain.ts';
import type { Mutation } from './mutation.ts';
import type { Placement } from './placement.ts';
import { hash } from './random.ts';

export interface Breakage {
  /** Breaks the fields of a record in place, given its number and the number of broken records before it. */
  readonly apply: (fields: string[], number: number, ordinal: number) => void;
  /** The number of records that each mutation breaks, in the order of the mutations; computed without visiting the records. */
  readonly countByMutation: () => number[];
}

/** @param key determines the first mutation, and which records are repeated */
export function breakageOf({ mutations, fields: soundFields }: Domain, placement: Placement, key: number): Breakage {
  const plain = mutations.filter(({ repeats }) => repeats === undefined);
  const first = hash(key, 0) % mutations.length;
  const turns = mutations.map((mutation, index) => {
    const turn = (index - first + mutations.length) % mutations.length;
    const possibleFrom = mutation.repeats ? firstRepeat(mutation.repeats, placement) : 0;
    // a record that has no earlier record to repeat gets a mutation that repeats nothing
    const instead = plain[index % plain.length] as Mutation;
    return { mutation, turn, possibleFrom, instead };
  });

  function apply(fields: string[], number: number, ordinal: number): void {
    const turn = turns[(ordinal + first) % mutations.length] as (typeof turns)[number];
    const mutation = ordinal >= turn.possibleFrom ? turn.mutation : turn.instead;
    mutation.apply(fields, number, mutation.repeats ? soundFields(earlier(number, ordinal, mutation.repeats)) : []);
  }

  function earlier(number: number, ordinal: number, repeats: (number: number) => boolean): number {
    const before = number - 1 - ordinal;
    let sound = hash(key, number) % before;
    while (!repeats(placement.soundNumber(sound))) {
      sound = (sound + 1) % before;
    }
    return placement.soundNumber(sound);
  }

  function countByMutation(): number[] {
    const counts = mutations.map(() => 0);
    for (const { mutation, turn, possibleFrom, instead } of turns) {
      const all = turnsBelow(placement.broken, turn, mutations.length);
      const tooEarly = turnsBelow(possibleFrom, turn, mutations.length);
      for (const [index, one] of mutations.entries()) {
        counts[index] =
          (counts[index] ?? 0) + (one === mutation ? all - tooEarly : 0) + (one === instead ? tooEarly : 0);
      }
    }
    return counts;
  }

  return { apply, countByMutation };
}

/** The number of broken records before the first one with an earlier record to repeat. */
function firstRepeat(repeats: (number: number) => boolean, placement: Placement): number {
  for (let sound = 0; sound < placement.sound; sound++) {
    const number = placement.soundNumber(sound);
    if (repeats(number)) {
      return placement.brokenBefore(number);
    }
  }
  return placement.broken;
}

/** The number of ordinals below `end` whose remainder modulo `length` is `turn`. */
function turnsBelow(end: number, turn: number, length: number): number {
  return end > turn ? Math.ceil((end - turn) / length) : 0;
}
