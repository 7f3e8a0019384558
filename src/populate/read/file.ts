/** Files, or standard input, as a source of records. */

import type { ValueSettings } from '../record/value-settings.ts';
import { nameOf, STANDARD_INPUT } from './bytes.ts';
import { type FileSettings, refuseOtherSettings } from './dialect.ts';
import { contentOfPart, type FilePart, isExamined, openPart, openRecordsOf } from './file-part.ts';
import { partsOf } from './file-parts.ts';
import { fileSet } from './file-set.ts';
import { formatNamed, formatOf, isText, refuseOtherExtension } from './format.ts';
import { type KeptFile, keepFile } from './kept-file.ts';
import { isRemote, isS3, shownUrl } from './places/place.ts';
import type { OpenSource, Sampling, Source } from './source.ts';
import { openText } from './text.ts';

/** Maximum number of files that the name of a source with several lists. */
const MAX_NAMED = 3;

/**
 * @param path a file path, a URL, or `-` for standard input
 * @param settings how to read it; without a format, its content or its extension determines that
 * @throws MeridianError `source` if the format is unknown; `usage` for a setting that does not apply to the format
 */
export function fileSource(path: string, settings: FileSettings = {}): Source {
  return filesSource(nameOf(path), [{ path, settings }]);
}

/** The name of several files in messages. @param given the given names, in which a pattern or folder is repeated for each of its files */
export function nameOfFiles(given: readonly string[]): string {
  const names = [...new Set(given.map(nameOf))];
  const shown =
    names.length > MAX_NAMED ? [...names.slice(0, MAX_NAMED - 1), `${names.length - MAX_NAMED + 1} more`] : names;
  return shown.join(', ');
}

/** A given file. */
export interface GivenFile {
  readonly path: string;
  readonly settings: FileSettings;
  /** Name in messages, and for determining the format; by default, its path. */
  readonly called?: string;
  /** Its value settings, if they differ from those of the table. */
  readonly values?: ValueSettings;
}

/**
 * @param name the name of the set in messages
 * @param files the files in reading order
 */
export function filesSource(name: string, files: readonly GivenFile[]): Source {
  for (const { path: given, called, settings } of files) {
    const path = called ?? given;
    if (!isArchive(path) && !(isS3(path) && path.endsWith('/'))) {
      const format = settings.format ?? (path === STANDARD_INPUT ? formatOf(path) : formatNamed(path));
      if (format === undefined) {
        // the content may determine it
        refuseOtherExtension(path);
      } else {
        refuseOtherSettings(shownUrl(path), format, settings);
      }
    }
  }
  const [only] = files.length === 1 ? files : [];
  const file = only === undefined || only.path === STANDARD_INPUT || isRemote(only.path) ? undefined : only.path;
  return {
    name,
    ...(file === undefined ? {} : { file }),
    open: () => openDirectly(only ?? { path: name, settings: {} }, name),
    keep: (directory, sampling = WHOLE) => keepAll(name, files, file, directory, sampling),
  };
}

const WHOLE: Sampling = { isExamined: true };

/** The files of an archive are known only after opening it. */
function isArchive(path: string): boolean {
  return /\.zip$/i.test(shownUrl(path));
}

/** Opens text that is read once, from beginning to end. Anything else has to be kept first. */
async function openDirectly({ path, settings }: GivenFile, name: string): Promise<OpenSource> {
  const format = settings.format ?? formatOf(path);
  if (!isText(format)) {
    throw new Error(`${name} can only be read when it is kept.`);
  }
  return openRecordsOf(await openText(path, name, settings), format, settings);
}

async function keepAll(
  name: string,
  files: readonly GivenFile[],
  file: string | undefined,
  directory: string,
  sampling: Sampling,
): Promise<Source> {
  const all = await expanded(files);
  const [only] = all.length === 1 ? all : [];
  if (only !== undefined) {
    return keepOne(name, only, file, directory, sampling);
  }
  const parts: FilePart[] = [];
  for (const { path, settings, called, values } of all) {
    const kept = await keepFile(path, directory, { called, isExamined: sampling.isExamined });
    try {
      // there may be too many to keep open
      const found = await partsOf(reopenable(kept), settings, directory);
      parts.push(...firstIn(values === undefined ? found : found.map((part) => ({ ...part, values })), sampling));
    } finally {
      kept.close();
    }
  }
  return fileSet({ name, parts });
}

/** Replaces S3 patterns and prefixes with the matching files. */
async function expanded(files: readonly GivenFile[]): Promise<GivenFile[]> {
  const all: GivenFile[] = [];
  for (const given of files) {
    const { path } = given;
    if (isS3(path)) {
      const { expandS3 } = await import('./places/s3.ts');
      all.push(...(await expandS3(path)).map((one) => ({ ...given, path: one })));
    } else {
      all.push(given);
    }
  }
  return all;
}

function reopenable(kept: KeptFile): KeptFile {
  return { ...kept, examined: { ...kept.examined, at: kept.place } };
}

async function keepOne(
  name: string,
  { path, settings, called }: GivenFile,
  file: string | undefined,
  directory: string,
  sampling: Sampling,
): Promise<Source> {
  const kept = await keepFile(path, directory, { called, isExamined: sampling.isExamined });
  try {
    const [part, ...others] = firstIn(await partsOf(kept, settings, directory), sampling);
    if (part === undefined) {
      throw new Error(`${name} has no part`);
    }
    const source = others.length === 0 ? partSource(part) : fileSet({ name, parts: [part, ...others] });
    return {
      ...source,
      get spec() {
        return source.spec;
      },
      ...(file === undefined ? {} : { file }),
      ...(kept.identity === undefined ? {} : { identity: kept.identity }),
      release: async () => kept.close(),
    } as Source;
  } catch (error) {
    kept.close();
    throw error;
  }
}

function firstIn(parts: readonly FilePart[], { first }: Sampling): readonly FilePart[] {
  return first === undefined ? parts : parts.map((part) => ({ ...part, first }));
}

function partSource(part: FilePart): Source {
  return {
    name: part.name,
    spec: { module: import.meta.url, argument: part },
    open: (extent) => openPart(part, extent),
    ...(isExamined(part) ? { content: () => Promise.resolve(contentOfPart(part)) } : {}),
  };
}

/** Creates the source from its `spec`, in any thread. @public imported by the name of its module */
export const sourceFrom = partSource;
