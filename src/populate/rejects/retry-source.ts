/** The rejects of a run as a source: each record keeps the number, file and line that it was rejected with. */
import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { join } from 'node:path';
import { type RejectContent, type RejectedRecord, readReject, rejectLine } from '../../loads/reject-line.ts';
import { createFile } from '../../shared/files/create-file.ts';
import { isJsonObject } from '../../shared/json/object.ts';
import { parseExactJson } from '../../shared/json/parse-exact.ts';
import type { RawRecord, Source } from '../read/source.ts';

interface Argument {
  readonly name: string;
  /** A file with one line per reject. */
  readonly path: string;
  readonly count: number;
  /** A digest of the rejects. */
  readonly content: string;
}

/** How the name of a source of rejects starts. */
const RETRIED = /^rejects of the run \S+ over /;

/** The rejects of a run of a table. Those of a run that has ended do not change. */
export interface RetriedRun {
  readonly run: string;
  readonly table: string;
  readonly source: string;
  /** A digest of the corrections; nothing if the rejects are loaded unchanged. */
  readonly corrections?: string;
}

/** A digest of a run's rejects, as the content of the source. */
export function retryContent(retried: Omit<RetriedRun, 'source'>, count: number): string {
  return `${digestOf(retried)}:${count}`;
}

/** Copies the rejects to a file, because their database is written to while they are loaded. */
export async function retrySource(
  retried: RetriedRun,
  pages: AsyncIterable<readonly RejectContent[]>,
  directory: string,
): Promise<Source> {
  const path = join(directory, `${digestOf(retried)}.rejects`);
  const file = await createFile(path);
  let count = 0;
  try {
    for await (const page of pages) {
      count += page.length;
      await file.appendFile(page.map(rejectLine).join(''));
    }
  } finally {
    await file.close();
  }
  // rejects of another run are another source
  const name = `rejects of the run ${retried.run} over ${retried.source.replace(RETRIED, '')}`;
  return sourceFrom({ name, path, count, content: retryContent(retried, count) });
}

function digestOf({ run, table, corrections }: Omit<RetriedRun, 'source'>): string {
  const corrected = corrections === undefined ? '' : `\n${corrections}`;
  return createHash('sha256').update(`rejects\n${run}\n${table}${corrected}`).digest('hex');
}

/** Creates the source from its `spec`, in any thread. @public imported by the name of its module */
export function sourceFrom(argument: Argument): Source {
  const { name, path, count, content } = argument;
  return {
    name,
    spec: { module: import.meta.url, argument },
    content: async () => content,
    async open() {
      const bytesTotal = statSync(path).size;
      let bytesRead = 0;
      const stream = createReadStream(path, { encoding: 'utf8', highWaterMark: 1024 * 1024 });
      return {
        columns: undefined,
        count,
        records: recordsIn(stream, (bytes) => {
          bytesRead = bytes;
        }),
        progress: () => ({ bytesRead: Math.min(bytesRead, bytesTotal), bytesTotal }),
        close: async () => void stream.destroy(),
      };
    },
  };
}

async function* recordsIn(
  stream: ReturnType<typeof createReadStream>,
  onRead: (bytes: number) => void,
): AsyncGenerator<RawRecord[]> {
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    onRead(stream.bytesRead);
    yield lines.map(recordOf);
  }
}

function recordOf(text: string): RawRecord {
  const line = parseExactJson(text) as RejectedRecord;
  const { number, file } = line;
  const { record, reason, ...reading } = readReject(line) ?? { record: line.record };
  // a reject that is not a record, or belongs to no database, stays one when it is read again
  const problem = reason ?? (isJsonObject(record) ? undefined : 'The record is not an object');
  return {
    number,
    line: line.line,
    record,
    ...(file === undefined ? {} : { file }),
    ...reading,
    ...(problem === undefined ? {} : { problem }),
  };
}
