/** A spill file as the source of one database. */
import type { OpenSource, Source } from '../read/source.ts';
import { openText } from '../read/text.ts';
import { SpillReader } from './spill-format.ts';

/** What the parts have in common with the source that was spread: the beginnings of its files, by which ambiguous values are refused. */
export type SpreadHead = Pick<OpenSource, 'sample' | 'delimiter' | 'files'>;

export function spreadHeadOf({ sample, delimiter, files }: OpenSource): SpreadHead {
  return {
    ...(sample === undefined ? {} : { sample }),
    ...(delimiter === undefined ? {} : { delimiter }),
    ...(files === undefined ? {} : { files }),
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

async function openSpilled(path: string, { name, used, head, count }: SpilledArgument): Promise<OpenSource> {
  const { chunks, progress, charactersRead, close } = await openText(path, name, { encoding: 'utf-8' });
  const lines = linesOf(chunks);
  const { value: first = [] } = await lines.next();
  const [header = 'null', ...rest] = first as string[];
  const reader = new SpillReader();
  reader.records([header]);
  return {
    ...head,
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
