/** Skips files that earlier runs have loaded, which are recognized by their content and settings. */
import { type LoadedBy, loadedContents } from '../loads/loaded-contents.ts';
import { isOpen, newestOf } from '../loads/plan-run.ts';
import type { OpenedLoad } from './load-state.ts';
import { eachTable, type Participant } from './participant.ts';
import { settingsIn } from './resume/run-settings.ts';
import type { OpenedSource } from './sources.ts';

/** A skipped file. */
export interface SkippedFile extends LoadedBy {
  readonly file: string;
}

/**
 * A table without new files is not loaded. If a run is open in any of the tables, its files are not skipped, so that it can be continued.
 *
 * @param sources newly opened sources replace the given ones
 * @returns table -> the skipped files
 */
export async function skipLoaded(
  participants: readonly Participant[],
  sources: Map<string, OpenedSource>,
): Promise<ReadonlyMap<string, readonly SkippedFile[]>> {
  const open = new Set<string>();
  await eachTable(participants, async (one) => {
    const newest = one.load === undefined ? undefined : await newestOf(one);
    if (newest !== undefined && isOpen(newest)) {
      open.add(newest.id);
    }
  });
  const skipped = new Map<string, readonly SkippedFile[]>();
  await eachTable(participants, async (one) => {
    const files = one.load?.state === 'opened' ? await skipLoadedFiles(one, one.load, open, sources) : [];
    if (files.length > 0) {
      skipped.set(one.table.name, files);
    }
  });
  return skipped;
}

async function skipLoadedFiles(
  one: Participant,
  load: OpenedLoad,
  open: ReadonlySet<string>,
  sources: Map<string, OpenedSource>,
): Promise<readonly SkippedFile[]> {
  const { table, em } = one;
  const { source, content } = load;
  const loaded = await loadedContents(table, em, (settings) => readingOf(settings) === readingOf(load.settings)).catch(
    (error: unknown) => {
      throw table.database.explain(error);
    },
  );
  const files = source.files ?? (content === null ? [] : [{ name: source.name, content }]);
  const skipped = files.flatMap((file) => {
    const by = loaded.get(file.content);
    return by === undefined || open.has(by.run) ? [] : [{ file: file.name, content: file.content, ...by }];
  });
  if (skipped.length === 0) {
    return [];
  }
  const left = source.without?.(new Set(skipped.map((file) => file.content)));
  await load.open.close();
  if (left === undefined) {
    one.load = undefined;
  } else {
    const opened = { source: left, open: await left.open(), content: (await left.content?.()) ?? null };
    const { release } = source;
    sources.set(table.name, { ...opened, source: { ...left, ...(release && { release }) } });
    one.load = { ...load, state: 'opened', ...opened };
  }
  return skipped.map(({ file, run, startedAt }) => ({ file, run, startedAt }));
}

/** The settings that determine how records become values, without those for records that are already stored. */
function readingOf(settings: string): string {
  const { columns, values: { byFile: _, ...values } = {} } = settingsIn(settings);
  // those of single files are part of their content
  return JSON.stringify([columns, values].map((one) => Object.entries(one).sort()));
}
