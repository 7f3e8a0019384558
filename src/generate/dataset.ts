/** The records of one generated database. Each can be generated independently. */
import { type Breakage, breakageOf } from './breakage.ts';
import type { Domain, Setting } from './domain.ts';
import { type DatabaseGenerator, findGenerator } from './generator.ts';
import { type Placement, place } from './placement.ts';
import { keyOf } from './random.ts';
import { brokenCount, checkSpec, type GeneratedSpec } from './spec.ts';

export interface Dataset {
  readonly database: string;
  readonly spec: GeneratedSpec;
  readonly domain: Domain;
  readonly placement: Placement;
  /** Record number, from 1 -> fields, in the order of the columns. */
  readonly fields: (number: number) => string[];
  readonly brokenByMutation: Breakage['countByMutation'];
}

/** @throws MeridianError `usage` for a database without a generator, or a number that is out of range */
export async function datasetOf(
  generators: readonly DatabaseGenerator[],
  database: string,
  spec: GeneratedSpec,
): Promise<Dataset> {
  checkSpec(spec);
  const setting = settingOf(spec);
  const domain = (await findGenerator(generators, database).load())(setting);
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
    brokenByMutation: breakage.countByMutation,
  };
}

function settingOf(spec: GeneratedSpec): Setting {
  const keyFor = (...purpose: readonly string[]) => keyOf(spec.seed, ...purpose);
  return {
    keyFor,
    placementOf: (database) => place(spec.count, brokenCount(spec), keyFor(database, 'broken')),
  };
}
