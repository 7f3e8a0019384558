/**
 * Handles files that were added since a run was stopped: the run is continued in its own order, followed by the new files. Without this, a
 * larger set might start with another file, since names are sorted.
 */
import { isOpen, newestOf } from '../../loads/plan-run.ts';
import { filesOfRun, type RunFile } from '../../loads/run-files.ts';
import type { RunRow } from '../../loads/run-tables.ts';
import type { OpenedLoad } from '../load-state.ts';
import type { PopulateListener } from '../options.ts';
import { eachTable, type Participant } from '../participant.ts';
import type { Source } from '../read/source.ts';
import type { OpenedSource } from '../sources.ts';
import { settingsIn, settingsText, valuesText } from './run-settings.ts';

/** @param sources newly opened sources replace the given ones */
export async function orderAsBegun(
  participants: readonly Participant[],
  sources: Map<string, OpenedSource>,
  listener: PopulateListener | undefined,
): Promise<void> {
  await eachTable(participants, async (one) => {
    const run = one.load?.state === 'opened' ? await newestOf(one) : undefined;
    if (one.load?.state !== 'opened' || run === undefined || !isOpen(run)) {
      return;
    }
    const begun = run.content === one.load.content ? [] : await filesOfRun(one.table, one.em, run);
    if (hasSameSettings(run, begun, one.load)) {
      await orderLoad(one, one.load, { run, begun: begun.map(({ content }) => content) }, sources, listener);
    }
  });
}

/** Whether the files of a run would be read as they were; those that were added may have settings of their own. */
function hasSameSettings(run: RunRow, begun: readonly RunFile[], { source, settings: text }: OpenedLoad): boolean {
  if (run.settings === text) {
    return true;
  }
  const [before, now] = [settingsIn(run.settings), settingsIn(text)];
  const names = new Map(source.files?.map(({ name, content }) => [content, name]));
  const isRead = begun.length > 0 && begun.every(({ content }) => names.has(content));
  return (
    isRead &&
    settingsText({ ...before, values: {} }) === settingsText({ ...now, values: {} }) &&
    begun.every(({ name, content }) => valuesText(before, name) === valuesText(now, names.get(content)))
  );
}

async function orderLoad(
  one: Participant,
  load: OpenedLoad,
  { run, begun }: { readonly run: RunRow; readonly begun: readonly string[] },
  sources: Map<string, OpenedSource>,
  listener: PopulateListener | undefined,
): Promise<void> {
  const { table } = one;
  // if all files have been read, the run takes no more
  const takesLater = run.state === 'loading';
  const source = begun.length === 0 ? undefined : load.source.startingWith?.(begun, takesLater);
  if (source === undefined) {
    // the set is unchanged, or one of its files has changed
    return;
  }
  const later = load.source.startingWith?.(begun, true)?.files?.slice(begun.length) ?? [];
  await replaceSource(one, load, source, sources, run);
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
  { content: grownFrom, settings: grownSettings }: RunRow,
): Promise<void> {
  await load.open.close();
  const opened = { source, open: await source.open(), content: (await source.content?.()) ?? null };
  const { release } = load.source;
  sources.set(one.table.name, { ...opened, source: { ...source, ...(release && { release }) } });
  one.load = { ...load, state: 'opened', ...opened, grownFrom, grownSettings };
}
