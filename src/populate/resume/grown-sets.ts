/**
 * Handles files that were added since a run was stopped: the run is continued in its own order, followed by the new files. Without this, a
 * larger set might start with another file, since names are sorted.
 */
import { isOpen, newestOf } from '../../loads/plan-run.ts';
import { contentsOfRun } from '../../loads/run-files.ts';
import type { RunRow } from '../../loads/run-tables.ts';
import type { OpenedLoad } from '../load-state.ts';
import type { PopulateListener } from '../options.ts';
import { eachTable, type Participant } from '../participant.ts';
import type { Source } from '../read/source.ts';
import type { OpenedSource } from '../sources.ts';

/** @param sources newly opened sources replace the given ones */
export async function orderAsBegun(
  participants: readonly Participant[],
  sources: Map<string, OpenedSource>,
  listener: PopulateListener | undefined,
): Promise<void> {
  await eachTable(participants, async (one) => {
    const run = one.load?.state === 'opened' ? await newestOf(one) : undefined;
    if (one.load?.state === 'opened' && run !== undefined && isOpen(run) && run.settings === one.load.settings) {
      await orderLoad(one, one.load, run, sources, listener);
    }
  });
}

async function orderLoad(
  one: Participant,
  load: OpenedLoad,
  run: RunRow,
  sources: Map<string, OpenedSource>,
  listener: PopulateListener | undefined,
): Promise<void> {
  const { table, em } = one;
  const begun = run.content === load.content ? [] : await contentsOfRun(table, em, run);
  // if all files have been read, the run takes no more
  const takesLater = run.state === 'loading';
  const source = begun.length === 0 ? undefined : load.source.startingWith?.(begun, takesLater);
  if (source === undefined) {
    // the set is unchanged, or one of its files has changed
    return;
  }
  const later = load.source.startingWith?.(begun, true)?.files?.slice(begun.length) ?? [];
  await replaceSource(one, load, source, sources, run.content);
  if (later.length > 0) {
    const names = later.map(({ name }) => name).join(', ');
    const what = takesLater
      ? 'Its records are loaded after those of the files before.'
      : 'It is left out, since all others have been read. Run the same command again to load it.';
    listener?.warned?.(
      table.name,
      `${table.name}: ${names} was added since the run of ${run.startedAt}, which is continued. ${what}`,
    );
  }
}

async function replaceSource(
  one: Participant,
  load: OpenedLoad,
  source: Source,
  sources: Map<string, OpenedSource>,
  grownFrom: string | null,
): Promise<void> {
  await load.open.close();
  const opened = { source, open: await source.open(), content: (await source.content?.()) ?? null };
  const { release } = load.source;
  sources.set(one.table.name, { ...opened, source: { ...source, ...(release && { release }) } });
  one.load = { ...load, state: 'opened', ...opened, grownFrom };
}
