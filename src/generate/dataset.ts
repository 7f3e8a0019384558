/** All records of one generated database: any of them can be made on its own, and all break as they are told to. */
import type { Domain, Setting } from './domain.ts';
import { generatorOf } from './generators.ts';
import { type Placement, place } from './placement.ts';
import { hash, keyOf } from './random.ts';
import { brokenCount, checkSpec, type GeneratedSpec } from './spec.ts';
import type { Way } from './way.ts';

export interface Dataset {
  readonly database: string;
  readonly spec: GeneratedSpec;
  readonly domain: Domain;
  readonly placement: Placement;
  /** Number of a record, from 1 -> its fields, in the order of the columns. */
  readonly fields: (number: number) => string[];
  /** How many records are broken in each way, in the order of the ways. */
  readonly brokenByWay: () => number[];
}

/** @throws MeridianError `usage` for a database without a generator, or a number that is out of range */
export async function datasetOf(database: string, spec: GeneratedSpec): Promise<Dataset> {
  checkSpec(spec);
  const setting = settingOf(spec);
  const domain = (await generatorOf(database))(setting);
  const placement = setting.placementOf(database);
  const breakage = breakageOf(domain, placement, setting.keyFor(database, 'ways'));
  return {
    database,
    spec,
    domain,
    placement,
    fields(number) {
      const fields = domain.fields(number);
      const ordinal = placement.ordinalOf(number);
      if (ordinal !== -1) {
        breakage.apply(fields, number, ordinal);
      }
      return fields;
    },
    brokenByWay: breakage.count,
  };
}

function settingOf(spec: GeneratedSpec): Setting {
  const keyFor = (...purpose: readonly string[]) => keyOf(spec.seed, ...purpose);
  return {
    spec,
    keyFor,
    placementOf: (database) => place(spec.count, brokenCount(spec), keyFor(database, 'broken')),
  };
}

/** The ways go round: each broken record takes the next. */
function breakageOf({ ways, fields: soundFields }: Domain, placement: Placement, key: number) {
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

  function count(): number[] {
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

  return { apply, count };
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
