/** How the broken records of a database are broken: the ways go round, and each record takes the next. */
import type { Domain } from './domain.ts';
import type { Placement } from './placement.ts';
import { hash } from './random.ts';
import type { Way } from './way.ts';

export interface Breakage {
  /** Breaks the fields of a record in place, given its number and how many are broken before it. */
  readonly apply: (fields: string[], number: number, ordinal: number) => void;
  /** How many records are broken in each way, in the order of the ways; known without going through them. */
  readonly countByWay: () => number[];
}

/** @param key with which way the round begins, and what is repeated, hang on it */
export function breakageOf({ ways, fields: soundFields }: Domain, placement: Placement, key: number): Breakage {
  const plain = ways.filter(({ repeats }) => repeats === undefined);
  const first = hash(key, 0) % ways.length;
  const turns = ways.map((way, index) => {
    const turn = (index - first + ways.length) % ways.length;
    const possibleFrom = way.repeats ? firstRepeat(way.repeats, placement) : 0;
    // a record that comes too early to repeat anything is broken in a way that repeats nothing
    const instead = plain[index % plain.length] as Way;
    return { way, turn, possibleFrom, instead };
  });

  function apply(fields: string[], number: number, ordinal: number): void {
    const turn = turns[(ordinal + first) % ways.length] as (typeof turns)[number];
    const way = ordinal >= turn.possibleFrom ? turn.way : turn.instead;
    way.apply(fields, number, way.repeats ? soundFields(earlier(number, ordinal, way.repeats)) : []);
  }

  function earlier(number: number, ordinal: number, repeats: (number: number) => boolean): number {
    const before = number - 1 - ordinal;
    let sound = hash(key, number) % before;
    while (!repeats(placement.soundNumber(sound))) {
      sound = (sound + 1) % before;
    }
    return placement.soundNumber(sound);
  }

  function countByWay(): number[] {
    const counts = ways.map(() => 0);
    for (const { way, turn, possibleFrom, instead } of turns) {
      const all = turnsBelow(placement.broken, turn, ways.length);
      const tooEarly = turnsBelow(possibleFrom, turn, ways.length);
      for (const [index, one] of ways.entries()) {
        counts[index] = (counts[index] ?? 0) + (one === way ? all - tooEarly : 0) + (one === instead ? tooEarly : 0);
      }
    }
    return counts;
  }

  return { apply, countByWay };
}

/** How many broken records come before the first one that finds a record to repeat. */
function firstRepeat(repeats: (number: number) => boolean, placement: Placement): number {
  for (let sound = 0; sound < placement.sound; sound++) {
    const number = placement.soundNumber(sound);
    if (repeats(number)) {
      return placement.brokenBefore(number);
    }
  }
  return placement.broken;
}

/** How many of the ordinals below `end` leave `turn` when they are divided by `length`. */
function turnsBelow(end: number, turn: number, length: number): number {
  return end > turn ? Math.ceil((end - turn) / length) : 0;
}
