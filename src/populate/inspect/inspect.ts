/** Reads files as a load does, and describes their contents. */
import { asError } from '../../shared/async/settle.ts';
import type { Detected, FileHead, OpenSource, Source } from '../read/source.ts';
import type { ValueSettings } from '../record/value-settings.ts';
import { FileProfile } from './file-profile.ts';

export interface InspectOptions {
  /** A folder for copies of sources that can be read only once. */
  readonly directory: string;
  /** Limits the number of records to read from the beginning of each file; by default, all are read. */
  readonly first?: number;
  readonly values?: ValueSettings;
  readonly signal?: AbortSignal;
}

export interface InspectedFile {
  readonly name: string;
  readonly format: string | undefined;
  readonly detected: readonly Detected[];
  readonly profile: FileProfile;
  /** Whether the file has more records than were read. */
  readonly isSample: boolean;
  /** The error that stopped reading before the end of the file. */
  readonly failure?: Error;
}

/**
 * Yields one file after another, including those in an archive or matched by an S3 pattern.
 *
 * @throws MeridianError `source` for a file that cannot be opened
 */
export async function* inspect(source: Source, options: InspectOptions): AsyncGenerator<InspectedFile> {
  const { directory, first } = options;
  const sampling = { isExamined: false, ...(first === undefined ? {} : { first }) };
  const kept = (await source.keep?.(directory, sampling)) ?? source;
  try {
    const open = await kept.open();
    try {
      yield* filesOf(source.name, open, options);
    } finally {
      await open.close();
    }
  } finally {
    await kept.release?.();
  }
}

async function* filesOf(
  name: string,
  open: OpenSource,
  { values = {}, signal, first }: InspectOptions,
): AsyncGenerator<InspectedFile> {
  const { files, columns, format } = open;
  const heads: readonly FileHead[] = files ?? [{ name, columns, ...(format === undefined ? {} : { format }) }];
  const waiting = heads.map((head) => ({ head, profile: new FileProfile(values, head.columns) }));
  const describe = ({ head, profile }: (typeof waiting)[number], failure?: Error): InspectedFile => ({
    name: head.name,
    format: head.format,
    detected: (open.detected ?? []).filter(({ file }) => file === undefined || file === head.name),
    profile,
    isSample: (open.isCut?.() ?? false) && profile.records === first,
    ...(failure === undefined ? {} : { failure }),
  });
  let current = waiting.shift();
  try {
    for await (const chunk of open.records) {
      signal?.throwIfAborted();
      for (const raw of chunk) {
        while (current !== undefined && raw.file !== undefined && raw.file !== current.head.name) {
          yield describe(current);
          current = waiting.shift();
        }
        current?.profile.add(raw);
      }
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (current !== undefined) {
      yield describe(current, asError(error));
    }
    return;
  }
  for (const one of current === undefined ? [] : [current, ...waiting]) {
    yield describe(one);
  }
}
