/**
 * Decompresses Zstandard data: any number of consecutive frames (RFC 8878), which parallel programs write. Node.js decompresses the first
 * one and ignores the rest, so the data is split into frames here.
 */
import { Readable } from 'node:stream';
import { createZstdDecompress } from 'node:zlib';
import { messageOf } from '../../../shared/errors.ts';
import { CHUNK_BYTES } from '../bytes.ts';
import { ByteReader } from './byte-reader.ts';
import { PackFault } from './pack-fault.ts';

const FRAME = 0xfd2fb528;

/** Frames of other programs, without data. */
const SKIPPED_FRAME = 0x184d2a50;

/** Number of bytes in a frame header for the sizes of its window, dictionary and content. */
const DICTIONARY_BYTES = [0, 1, 2, 4];
const CONTENT_BYTES = [0, 2, 4, 8];

const RUN = 1;
const RESERVED = 3;

/** Throws PackFault, and the errors of the input. */
export async function* unzstd(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const input = new ByteReader(bytes);
  while (!(await input.isAtEnd())) {
    const start = await exactly(input, 4);
    const magic = start.readUInt32LE();
    if (magic === FRAME) {
      yield* unpacked(frameOf(input, start));
    } else if ((magic & 0xfffffff0) >>> 0 === SKIPPED_FRAME) {
      await skip(input, (await exactly(input, 4)).readUInt32LE());
    } else {
      throw new PackFault('the Zstandard data is damaged (something else than Zstandard data follows it)');
    }
  }
}

async function exactly(input: ByteReader, count: number): Promise<Buffer> {
  const bytes = await input.take(count);
  if (bytes.length < count) {
    throw new PackFault('the Zstandard data ends too early; the file is truncated');
  }
  return bytes;
}

async function skip(input: ByteReader, count: number): Promise<void> {
  for (let left = count; left > 0; left -= CHUNK_BYTES) {
    await exactly(input, Math.min(left, CHUNK_BYTES));
  }
}

/** The bytes of a frame, to its end. */
async function* frameOf(input: ByteReader, start: Buffer): AsyncGenerator<Buffer> {
  const [descriptor = 0] = await exactly(input, 1);
  const isSingle = (descriptor & 0x20) !== 0;
  const contentFlag = descriptor >> 6;
  const contentBytes = contentFlag === 0 && isSingle ? 1 : (CONTENT_BYTES[contentFlag] ?? 0);
  const headerBytes = (isSingle ? 0 : 1) + (DICTIONARY_BYTES[descriptor & 3] ?? 0) + contentBytes;
  yield Buffer.concat([start, Buffer.from([descriptor]), await exactly(input, headerBytes)]);
  for (let isLast = false; !isLast; ) {
    const header = await exactly(input, 3);
    const block = header.readUIntLE(0, 3);
    const type = (block >> 1) & 3;
    isLast = (block & 1) !== 0;
    if (type === RESERVED) {
      throw new PackFault('the Zstandard data is damaged (a block is of no known type)');
    }
    yield Buffer.concat([header, await exactly(input, type === RUN ? 1 : block >> 3)]);
  }
  if ((descriptor & 4) !== 0) {
    yield await exactly(input, 4);
  }
}

async function* unpacked(frame: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const engine = createZstdDecompress({ chunkSize: CHUNK_BYTES });
  const source = Readable.from(frame);
  source.on('error', (error) => engine.destroy(error));
  try {
    yield* source.pipe(engine) as AsyncIterable<Buffer>;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code?.startsWith('ZSTD_') || code?.startsWith('Z_')
      ? new PackFault(`the Zstandard data is damaged (${messageOf(error)})`, { cause: error })
      : error;
  } finally {
    source.destroy();
  }
}
