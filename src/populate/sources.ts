/** Opens and examines the sources of a populate, before anything is loaded. */
import { isDeepStrictEqual } from 'node:util';
import type { TableDeclaration } from '../database/declaration.ts';
import { settleAll } from '../shared/async/settle.ts';
import { MeridianError } from '../shared/errors.ts';
import type { PopulateOptions } from './options.ts';
import type { OpenSource, Sampling, Source } from './read/source.ts';
import type { TableValueSettings } from './record/value-settings.ts';

export interface OpenedSource {
  readonly source: Source;
  readonly open: OpenSource;
  readonly content: string | null;
}

export async function openSources(
  tables: readonly Pick<TableDeclaration, 'name'>[],
  { sources, sample }: PopulateOptions,
  scratch: string,
): Promise<Map<string, OpenedSource>> {
  const wanted = tables.flatMap(({ name }) => (sources[name] ? [{ name, source: sources[name] }] : []));
  const opened = new Map<string, OpenedSource>();
  try {
    await settleAll(
      wanted.map(async ({ name, source: given }) => {
        const source = (await given.keep?.(scratch, samplingOf(sample))) ?? given;
        try {
          const content = (await source.content?.()) ?? null;
          opened.set(name, { source, open: await source.open(), content });
        } catch (error) {
          await source.release?.();
          throw error;
        }
      }),
    );
  } catch (error) {
    await closeSources(opened);
    throw error;
  }
  return opened;
}

/** A sample only reads a part of each file, so its content is not digested. */
export function samplingOf(sample: number | undefined): Sampling {
  return sample === undefined ? { isExamined: true } : { first: sample, isExamined: false };
}

/** If one fails to close, the others are closed anyway. */
export async function closeSources(opened: ReadonlyMap<string, OpenedSource>): Promise<void> {
  await Promise.allSettled([...opened.values()].map(({ open }) => open.close()));
  await Promise.allSettled([...opened.values()].map(({ source }) => source.release?.()));
}

/**
 * The value settings of a table and those of its files.
 *
 * @throws MeridianError `usage` for several files of one name with different settings, such as URLs that differ in their queries
 */
export function valuesOf({ open }: Pick<OpenedSource, 'open'>, given: TableValueSettings = {}): TableValueSettings {
  for (const [name, files] of Map.groupBy(open.files ?? [], (file) => file.name)) {
    if (files.some(({ values }) => !isDeepStrictEqual(values, files[0]?.values))) {
      throw new MeridianError(
        'usage',
        `Several files are called ${name}, and the config has different settings for their values. Load them one after the other.`,
      );
    }
  }
  const own = (open.files ?? []).flatMap(({ name, values }) => (values === undefined ? [] : [[name, values] as const]));
  return own.length === 0 ? given : { ...given, byFile: { ...given.byFile, ...Object.fromEntries(own) } };
}
