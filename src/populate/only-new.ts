/** Skips files that earlier runs have loaded, which are recognized by their content and settings. */
import { type LoadedBy, loadedContents } from '../loads/loaded-contents.ts';
import { isOpen, newestOf } from '../loads/plan-run.ts';
import type { OpenedLoad } from './load-state.ts';
import { eachTable, type Participant } from './participant.ts';
import { settingsIn, valuesText } from './resume/run-settings.ts';
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
  const loaded = await loadedContents(table, em, keysWith).catch((error: unknown) => {
    throw table.database.explain(error);
  });
  const keyOf = keysWith(load.settings);
  const files = source.files ?? (content === null ? [] : [{ name: source.name, content }]);
  const found = files.map((file) => {
    const by = loaded.get(keyOf(source.files && file.name, file.content));
    return { ...file, by: by === undefined || open.has(by.run) ? undefined : by };
  });
  // files are left out by their content
  const left = new Set(found.filter(({ by }) => by === undefined).map((file) => file.content));
  const skipped = found.flatMap(({ name, content: of, by }) =>
    by === undefined || left.has(of) ? [] : [{ file: name, content: of, ...by }],
  );
  if (skipped.length === 0) {
    return [];
  }
  const others = source.without?.(new Set(skipped.map((file) => file.content)));
  await load.open.close();
  if (others === undefined) {
    one.load = undefined;
  } else {
    const opened = { source: others, open: await others.open(), content: (await others.content?.()) ?? null };
    const { release } = source;
    sources.set(table.name, { ...opened, source: { ...others, ...(release && { release }) } });
    one.load = { ...load, state: 'opened', ...opened };
  }
  return skipped.map(({ file, run, startedAt }) => ({ file, run, startedAt }));
}

/** Identifies a file by its content and by the settings that determine how its records become values. */
function keysWith(text: string): (name: string | undefined, content: string) => string {
  const settings = settingsIn(text);
  const columns = JSON.stringify(Object.entries(settings.columns).sort());
  return (name, content) => [content, columns, valuesText(settings, name)].join(' ');
}
