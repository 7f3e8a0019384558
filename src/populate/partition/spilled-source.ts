/** A spill file as the source of one database. */
import type { OpenSource, Source } from '../read/source.ts';
import { openText } from '../read/text.ts';
import { SpillReader } from './spill-format.ts';

/** What was read of the source that was spread, besides its records; the same object for all parts. */
export interface SpreadHead extends Pick<OpenSource, 'sample' | 'delimiter' | 'files' | 'detected'> {
  /** Whether the source has more records than were read. */
  readonly isCut: boolean;
}

/** @param open the source, completely read */
export function spreadHeadOf({ sample, delimiter, files, detected, isCut }: OpenSource): SpreadHead {
  return {
    ...(sample === undefined ? {} : { sample }),
    ...(delimiter === undefined ? {} : { delimiter }),
    ...(files === undefined ? {} : { files }),
    ...(detected === undefined ? {} : { detected }),
    isCut: isCut?.() ?? false,
  };
}

export interface SpilledArgument {
  /** The name of the source that was spread. */
  readonly name: string;
  /** The file that was spread, if the source was one. */
  readonly file: string | undefined;
  /** Identifies that file under any of its names. */
  readonly identity: string | undefined;
  /** The columns that named the databases. */
  readonly used: readonly string[];
  readonly head: SpreadHead;
  readonly path: string;
  readonly count: number;
  readonly content: string;
}

export function spilledSource(argument: SpilledArgument): Source {
  const { name, file, identity, path, content } = argument;
  return {
    name,
    ...(file === undefined ? {} : { file }),
    ...(identity === undefined ? {} : { identity }),
    spec: { module: import.meta.url, argument },
    open: () => openSpilled(path, argument),
    content: () => Promise.resolve(content),
  };
}

/** Creates the source from its `spec`, in any thread. @public imported by the name of its module */
export const sourceFrom = spilledSource;

async function openSpilled(
  path: string,
  { name, used, head: { isCut, ...head }, count }: SpilledArgument,
): Promise<OpenSource> {
  const { chunks, progress, charactersRead, close } = await openText(path, name, { encoding: 'utf-8' });
  const lines = linesOf(chunks);
  const { value: first = [] } = await lines.next();
  const [header = 'null', ...rest] = first as string[];
  const reader = new SpillReader();
  reader.records([header]);
  return {
    ...head,
    isCut: () => isCut,
    columns: reader.columns,
    used,
    count,
    records: (async function* () {
      yield reader.records(rest);
      for await (const some of lines) {
        yield reader.records(some);
      }
    })(),
    progress,
    charactersRead,
    close,
  };
}

/** Groups of complete lines, never empty. */
async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<string[]> {
  let pieces: string[] = [];
  for await (const chunk of chunks) {
    const lines = chunk.split('\n');
    const last = lines.pop() ?? '';
    if (lines.length === 0) {
      pieces.push(last);
      continue;
    }
    lines[0] = pieces.join('') + lines[0];
    pieces = [last];
    yield lines;
  }
}
