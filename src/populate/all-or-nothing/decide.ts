/**
 * The decision of an all-or-nothing populate. The rows of all databases are kept only if every record of every table was accepted. The
 * decision takes two steps, so that it survives a kill: each table becomes `ready`; when all are, the run is kept, and its tables are
 * released one by one. Otherwise each table becomes `reverting`, and its rows are reverted.
 */
import { changeOf } from '../../loads/run-row.ts';
import { asError } from '../../shared/async/settle.ts';
import { MeridianError } from '../../shared/errors.ts';
import { failureOf } from '../load-state.ts';
import type { PopulateOptions } from '../options.ts';
import { advance, begunLoad, type Participant } from '../participant.ts';
import type { RejectLimit } from '../rejects/reject-limit.ts';
import { changeRun } from '../resume/run-states.ts';
import { revertRun } from './revert-run.ts';

/**
 * @param isLocked whether this process still holds the lock of a table's database
 * @returns why nothing is kept; `undefined` if everything is, or if the run was interrupted, and the same command continues it
 */
export async function decide(
  participants: readonly Participant[],
  { dryRun = false, listener }: PopulateOptions,
  limit: RejectLimit | undefined,
  isInterrupted: boolean,
  isLocked: (one: Participant) => boolean,
): Promise<MeridianError | undefined> {
  const loads = participants.filter((one) => begunLoad(one) !== undefined);
  if (isInterrupted && limit?.isExceeded !== true) {
    return undefined;
  }
  const reason = reasonOf(loads, limit) ?? (dryRun ? undefined : await makeReady(loads));
  if (reason === undefined) {
    return undefined;
  }
  if (dryRun) {
    return new MeridianError('rejects', `Nothing would be kept (--all-or-nothing), because ${reason}.`);
  }
  const sentence = `Nothing is kept (--all-or-nothing), because ${reason}.`;
  await revertAll(loads, sentence, isLocked, listener);
  const open = loads.filter((one) => begunLoad(one)?.state === 'stopped').map(({ table }) => table.name);
  const rest =
    open.length === 0
      ? 'All rows of this run have been reverted.'
      : `Not all rows could be reverted: those of ${open.join(', ')} are still there. Run the same command again.`;
  return new MeridianError('rejects', `${sentence} ${rest}`);
}

/** Why a run is not kept, as a clause; `undefined` if all its records were accepted. */
function reasonOf(loads: readonly Participant[], limit: RejectLimit | undefined): string | undefined {
  const states = loads.map((one) => ({ name: one.table.name, load: begunLoad(one) }));
  const failed = states.filter(({ load }) => load && failureOf(load) !== undefined).map(({ name }) => name);
  const rejecting = states.flatMap(({ name, load }) => {
    const count = load?.progress.ledger.counts.rejected ?? 0;
    return count === 0 ? [] : [`${name}: ${count}`];
  });
  const clauses = [
    ...(failed.length === 0 ? [] : [`the load of ${failed.join(', ')} failed`]),
    ...(rejecting.length === 0 ? [] : [`records were rejected (${rejecting.join(', ')})`]),
    ...(limit?.isExceeded ? ['not all records were read'] : []),
  ];
  return clauses.length === 0 ? undefined : clauses.join(' and ');
}

/** Marks all tables as ready and then, if all are, as checked. @returns the error that prevented the decision, if any */
async function makeReady(loads: readonly Participant[]): Promise<string | undefined> {
  for (const one of loads) {
    if (begunLoad(one)?.state === 'loaded' && !(await mark(one, 'ready'))) {
      return `the load of ${one.table.name} failed`;
    }
  }
  // from here on, the run is kept whatever happens
  for (const one of loads) {
    const load = begunLoad(one);
    if (load?.state === 'loaded' && (await mark(one, 'checked'))) {
      advance(one, { kind: 'checked' });
    } else if (load?.state === 'checked' && load.continued?.state === 'ready') {
      await mark(one, 'checked');
    }
  }
  return undefined;
}

async function mark(one: Participant, state: 'ready' | 'checked'): Promise<boolean> {
  const { progress } = begunLoad(one) as NonNullable<ReturnType<typeof begunLoad>>;
  try {
    await changeRun(one, progress.run, { ...changeOf(progress.ledger), state });
    return true;
  } catch (error) {
    advance(one, { kind: 'failed', failure: asError(one.table.database.explain(error)) });
    return false;
  }
}

/** Reverts all databases, even if one fails. */
async function revertAll(
  loads: readonly Participant[],
  why: string,
  isLocked: (one: Participant) => boolean,
  listener: PopulateOptions['listener'],
): Promise<void> {
  for (const [database, group] of Map.groupBy(loads, ({ table }) => table.database)) {
    const run = begunLoad(group[0] as Participant)?.progress.run ?? '';
    if (!group.every(isLocked)) {
      // another process has locked the database since, and has ended the run or continues it
      continue;
    }
    try {
      const { published } = await revertRun(group, run, why);
      for (const one of group) {
        advance(one, { kind: 'reverted' });
      }
      if (published > 0) {
        listener?.warned?.(
          group[0]?.table.name ?? database.name,
          `${database.name}: ${published} rows of the reverted run stay as they are, because another program has changed and published them meanwhile.`,
        );
      }
    } catch (error) {
      for (const one of group) {
        advance(one, { kind: 'failed', failure: asError(database.explain(error)) });
        advance(one, { kind: 'interrupted' });
      }
    }
  }
}
