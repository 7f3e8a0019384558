/**
 * A file that is examined once, before it is loaded, and read as often as needed afterwards, in any thread. It stays open in between, so
 * another file with its name is not read. Each block is compared with the examined one before it is used, so what another process writes
 * over it is not read either. What is appended is left for the next load.
 */
import { createHash, type Hash } from 'node:crypto';
import { fstatSync, read } from 'node:fs';
import { promisify } from 'node:util';
import { MeridianError, messageOf } from '../../shared/errors.ts';
import { type ByteInput, CHUNK_BYTES, endsWithinLine } from './bytes.ts';

const readAt = promisify(read);

const DIGEST_BYTES = 32;

/** Plain data: any thread of this process can read with it, as long as the file stays open. */
export interface ExaminedFile {
  readonly descriptor: number;
  /** Its bytes when it was examined. */
  readonly size: number;
  /** The beginning of what is digested. */
  readonly label: string;
  /** The SHA-256 of label and file up to the end of each block, one after the other. */
  readonly digests: Uint8Array;
}

/**
 * @param descriptor of a regular file
 * @param name its name in messages
 * @param stat returns its size and its modification time
 * @throws MeridianError `source` when it cannot be read, or is being written to
 */
export async function examine(
  descriptor: number,
  name: string,
  label: string,
  stat = (file: number) => fstatSync(file, { bigint: true }),
): Promise<ExaminedFile> {
  try {
    const before = stat(descriptor);
    const size = Number(before.size);
    const digests = await digestsOf(descriptor, size, label);
    const after = stat(descriptor);
    const isRewritten = after.size < before.size || (after.size === before.size && after.mtimeNs !== before.mtimeNs);
    if (digests === undefined || isRewritten) {
      throw new MeridianError(
        'source',
        `${name} was changed while it was being examined. Let what writes to it finish, and run the same command again.`,
      );
    }
    return { descriptor, size, label, digests };
  } catch (error) {
    throw error instanceof MeridianError
      ? error
      : new MeridianError('source', `${name} cannot be read: ${messageOf(error)}.`, { cause: error });
  }
}

/** A digest of the label and of the content of the file. */
export function contentOf({ label, digests }: ExaminedFile): string {
  return digests.length === 0
    ? createHash('sha256').update(label).digest('hex')
    : Buffer.from(digests.subarray(-DIGEST_BYTES)).toString('hex');
}

/** @returns nothing when the file has become shorter */
async function digestsOf(descriptor: number, size: number, label: string): Promise<Uint8Array | undefined> {
  const digests = new Uint8Array(Math.ceil(size / CHUNK_BYTES) * DIGEST_BYTES);
  const hash = createHash('sha256').update(label);
  // one buffer for all blocks: a large file leaves nothing to the garbage collector
  const buffer = Buffer.allocUnsafe(Math.min(size, CHUNK_BYTES));
  for (let from = 0; from < size; from += CHUNK_BYTES) {
    const block = await readBlock(descriptor, buffer, from, size);
    if (block.length < Math.min(CHUNK_BYTES, size - from)) {
      return undefined;
    }
    digests.set(digestAfter(hash, block), (from / CHUNK_BYTES) * DIGEST_BYTES);
  }
  return digests;
}

/** Adds a block to a hash. @returns the digest of all so far */
function digestAfter(hash: Hash, block: Buffer): Buffer {
  return hash.update(block).copy().digest();
}

/** @returns the block that begins at `from`; less of it where the file has become shorter */
async function readBlock(descriptor: number, buffer: Buffer, from: number, size: number): Promise<Buffer> {
  const length = Math.min(CHUNK_BYTES, size - from);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await readAt(descriptor, buffer, filled, length - filled, from + filled);
    if (bytesRead === 0) {
      break;
    }
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

/** The bytes of an examined file from its beginning; closing leaves the file open. */
export function examinedBytes(name: string, { descriptor, size, label, digests }: ExaminedFile): ByteInput {
  const hash = createHash('sha256').update(label);
  let bytesRead = 0;
  let hasGrown = false;
  let lastByte: number | undefined;

  async function next(): Promise<Buffer | undefined> {
    if (bytesRead === size) {
      hasGrown = (await readAt(descriptor, Buffer.alloc(1), 0, 1, size)).bytesRead > 0;
      return undefined;
    }
    const from = bytesRead;
    const block = await readBlock(descriptor, Buffer.allocUnsafe(Math.min(CHUNK_BYTES, size - from)), from, size);
    const at = (from / CHUNK_BYTES) * DIGEST_BYTES;
    if (digestAfter(hash, block).compare(digests, at, at + DIGEST_BYTES) !== 0) {
      throw new Error(
        'the file was changed after it was examined, and what is new in it is not loaded; let what writes to it finish, and run the same command again',
      );
    }
    bytesRead += block.length;
    lastByte = block.at(-1);
    return block;
  }

  return {
    name,
    next,
    shortage: (isText) => (isText && hasGrown ? endsWithinLine(lastByte) : undefined),
    progress: () => ({ bytesRead, bytesTotal: size }),
    close: async () => undefined,
  };
}
