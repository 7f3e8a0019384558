/** Decompresses bzip2 data, block by block: any number of consecutive members, which parallel programs write. */
import bitIterator from 'unbzip2-stream/lib/bit_iterator.js';
import bzip2 from 'unbzip2-stream/lib/bzip2.js';
import { messageOf } from '../../../shared/errors.ts';
import { PackFault } from './pack-fault.ts';

const UNIT_BYTES = 100_000;

/**
 * Number of compressed bytes that contain any block of maximum size, and the end of a member: compression may lengthen a block somewhat.
 */
const BLOCK_BYTES = 12 * UNIT_BYTES;

const TRUNCATED = 'the bzip2 data ends too early; the file is truncated';

/** Throws PackFault, and the errors of the input. */
export async function* bunzip2(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const input = bytes[Symbol.asyncIterator]();
  // the bit reader starts with a buffer, before there is one
  const waiting: Buffer[] = [Buffer.alloc(0)];
  let received = 0;
  let isAtEnd = false;
  const bits = bitIterator(() => {
    const next = waiting.shift();
    if (next === undefined) {
      throw new PackFault(TRUNCATED);
    }
    return next;
  });
  let size = 0;
  let checksum: number | null = null;
  for (;;) {
    // blocks are read synchronously
    while (!isAtEnd && received - bits.bytesRead < BLOCK_BYTES) {
      const { done, value } = await input.next();
      isAtEnd = done === true;
      if (value !== undefined && value.length > 0) {
        waiting.push(value);
        received += value.length;
      }
    }
    if (size === 0) {
      if (received === bits.bytesRead) {
        return;
      }
      size = explained(() => bzip2.header(bits), 'something else than bzip2 data follows it');
      checksum = 0;
    }
    const block: number[] = [];
    checksum = explained(() =>
      bzip2.decompress(
        bits,
        (byte) => block.push(byte),
        new Int32Array(size * UNIT_BYTES),
        size * UNIT_BYTES,
        checksum,
      ),
    );
    if (checksum === null) {
      size = 0;
    } else {
      yield Buffer.from(block);
    }
  }
}

function explained<T>(read: () => T, what?: string): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof PackFault) {
      throw error;
    }
    const message =
      what ?? (/crc32/.test(messageOf(error)) ? 'its checksum does not match' : 'a block has no valid beginning');
    throw new PackFault(`the bzip2 data is damaged (${message})`, { cause: error });
  }
}
