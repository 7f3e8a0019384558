/** Streams a CSV file with Papa Parse, a batch of rows at a time. */
import { createReadStream } from 'node:fs';
import Papa from 'papaparse';

const READ_BYTES = 1 << 20;

/** The rows below the header, `size` at a time; the file is not read on while the one who asked works. */
export async function* batches(file: string, size: number, readBytes = READ_BYTES): AsyncGenerator<string[][]> {
  let waiting: string[][] = [];
  let isHeader = true;
  for await (const rows of parsed(file, readBytes)) {
    waiting = waiting.length === 0 ? rows : waiting.concat(rows);
    if (isHeader && waiting.length > 0) {
      waiting.shift();
      isHeader = false;
    }
    let from = 0;
    for (; waiting.length - from >= size; from += size) {
      yield waiting.slice(from, from + size);
    }
    waiting = waiting.slice(from);
  }
  if (waiting.length > 0) {
    yield waiting;
  }
}

/** As many rows as Papa Parse finds in a chunk of the file. */
async function* parsed(file: string, highWaterMark: number): AsyncGenerator<string[][]> {
  let rest = '';
  for await (const chunk of createReadStream(file, { encoding: 'utf8', highWaterMark })) {
    rest += chunk;
    // the last row may go on in the next chunk
    const { data, meta } = new Papa.Parser({ delimiter: ',', newline: '\n' }).parse(rest, 0, true) as Papa.ParseResult<
      string[]
    >;
    rest = rest.slice(meta.cursor);
    yield data;
  }
  if (rest !== '') {
    yield (new Papa.Parser({ delimiter: ',', newline: '\n' }).parse(rest, 0, false) as Papa.ParseResult<string[]>).data;
  }
}
