/**
 * What a run writes down beside a database until its references are checked, so that a run which is killed before that
 * leaves nothing dangling for good: the next one takes back out what was never checked, and begins as if the killed one
 * had not got that far.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LinesFile } from './lines.ts';
import type { Accepted } from './load.ts';
import type { PopulateOptions } from './options.ts';
import type { Participant } from './participant.ts';
import type { Values } from './record/validate.ts';
import { type CheckTask, checkTasks } from './references.ts';

const UNCHECKED = 'unchecked';

/** Settles what an earlier run has left, then makes the files of this one. */
export async function settleUnchecked(
  participants: readonly Participant[],
  scratch: string,
  { dryRun, batchRecords }: PopulateOptions,
): Promise<void> {
  const loaded = participants.filter(({ database, loading }) => loading && database.declaration.references);
  const left = loaded.flatMap((one) => {
    const path = one.database.sidecar(UNCHECKED);
    return path !== undefined && existsSync(path) ? [{ one, path }] : [];
  });
  const tasks = await Promise.all(left.map(async ({ one, path }) => taskOf(one, await LinesFile.open(path))));
  try {
    await checkTasks(tasks, participants, batchRecords);
  } finally {
    await Promise.all(tasks.map(({ accepted }) => accepted.close()));
  }
  for (const { database, loading } of loaded) {
    if (loading) {
      const beside = dryRun ? undefined : database.sidecar(UNCHECKED);
      loading.accepted = await LinesFile.create(beside ?? join(scratch, database.name));
    }
  }
}

function taskOf(one: Participant, accepted: LinesFile): CheckTask {
  const { database, em, shape } = one;
  const { primaryKey } = shape;
  const references = Object.keys(database.declaration.references ?? {});
  return {
    one,
    accepted,
    // a batch may have been written down and not committed, or its rows may have been changed since
    async present(records: readonly Accepted[]) {
      const written = new Map(records.map((record) => [record.id, record.references]));
      const rows: Values[] = await em.find(
        database.declaration.entity,
        { [primaryKey]: { $in: [...written.keys()] } },
        { disableIdentityMap: true },
      );
      const same = rows.filter((row) => references.every((name) => row[name] === written.get(row[primaryKey])?.[name]));
      return new Set(same.map((row) => row[primaryKey]));
    },
    onRound: () => undefined,
    // these records were never reported to anybody
    onLeft: async () => undefined,
    onFailure(error) {
      throw database.explain(error);
    },
  };
}
