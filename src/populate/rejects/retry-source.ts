/** Rejects of a run as a source: each record has the number, the file and the line that it had when it was rejected. */
import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { join } from 'node:path';
import { type RejectContent, type RejectedRecord, readReject, rejectLine } from '../../loads/reject-line.ts';
import { createFile } from '../../shared/files/create-file.ts';
import { isJsonObject } from '../../shared/json/object.ts';
import { parseJson } from '../../shared/json/parse.ts';
import type { RawRecord, Source } from '../read/source.ts';

interface Argument {
  readonly name: string;
  /** With a line for each reject. */
  readonly path: string;
  readonly count: number;
  /** What identifies the rejects. */
  readonly content: string;
}

/**
 * Copies the rejects to a file, because the database that they are in is written to while they are loaded.
 *
 * @param of what the rejects are of, in words
 * @param id what identifies them: rejects of a run that has ended do not change
 */
export async function retrySource(
  of: string,
  id: string,
  pages: AsyncIterable<readonly RejectContent[]>,
  directory: string,
): Promise<Source> {
  const content = createHash('sha256').update(`rejects\n${id}`).digest('hex');
  const path = join(directory, `${content}.rejects`);
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
  return sourceFrom({ name: of, path, count, content });
}

/** The source of a `spec`, in any thread. @public imported by the name of its module */
export function sourceFrom(argument: Argument): Source {
  const { name, path, count, content } = argument;
  return {
    name,
    spec: { module: import.meta.url, argument },
    content: async () => `${content}:${count}`,
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
  const line = parseJson(text) as RejectedRecord;
  const { number, file, errors } = line;
  const { record, ...reading } = readReject(line) ?? { record: line.record };
  // what is no record cannot become one
  const problem = isJsonObject(record) ? undefined : (errors[0]?.message ?? 'The record is not an object');
  return {
    number,
    line: line.line,
    record,
    ...(file === undefined ? {} : { file }),
    ...reading,
    ...(problem === undefined ? {} : { problem }),
  };
}
