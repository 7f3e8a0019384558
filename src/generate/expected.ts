/** Computes the expected report of a populate of generated data, without visiting the records. */
import { datasetOf } from './dataset.ts';
import type { DatabaseGenerator } from './generator.ts';
import type { Break } from './mutation.ts';
import type { GeneratedSpec } from './spec.ts';

interface ExpectedReason extends Break {
  readonly count: number;
}

export interface Expected {
  readonly read: number;
  readonly inserted: number;
  readonly rejected: number;
  /** As in the report of a populate: how often each property has an error of each code, the most frequent first. */
  readonly reasons: readonly ExpectedReason[];
}

/**
 * The outcome of the generated records of one database when all generated databases are loaded into empty ones.
 *
 * @throws MeridianError `usage` for a database without a generator, or a number that is out of range
 */
export async function expectedOf(
  generators: readonly DatabaseGenerator[],
  database: string,
  spec: GeneratedSpec,
): Promise<Expected> {
  const { domain, placement, brokenByMutation } = await datasetOf(generators, database, spec);
  const reasons = new Map<string, ExpectedReason>();
  for (const [index, times] of brokenByMutation().entries()) {
    for (const { property, code } of times > 0 ? (domain.mutations[index]?.breaks ?? []) : []) {
      const key = `${property} ${code}`;
      reasons.set(key, { property, code, count: (reasons.get(key)?.count ?? 0) + times });
    }
  }
  return {
    read: placement.count,
    inserted: placement.sound,
    rejected: placement.broken,
    reasons: [...reasons.values()].sort((a, b) => b.count - a.count),
  };
}
