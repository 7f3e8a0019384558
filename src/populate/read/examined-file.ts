/**
 * A file that is examined once, before it is loaded, and read as often as needed afterwards, in any thread. It stays open in between, or is
 * reopened by path if there are too many files to keep open. Each block is compared with the examined one before it is used, so a replaced
 * or overwritten file is detected. Appended data is left for the next load.
 */
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, read } from 'node:fs';
import { promisify } from 'node:util';
import { MeridianError, messageOf } from '../../shared/errors.ts';
import { type ByteInput, CHUNK_BYTES, endsWithinLine } from './bytes.ts';
import { openFile } from './opened-file.ts';

const readAt = promisify(read);

const DIGEST_BYTES = 32;

const CHANGED =
  'the file was changed after it was examined, and what is new in it is not loaded; let what writes to it finish, and run the same command again';

/** Plain data, with which any thread of this process can read the file. */
export interface ExaminedFile {
  /** A descriptor that stays open, or a path. */
  readonly at: number | string;
  /** The file size when it was examined. */
  readonly size: number;
  /** Included in the digest of its content. */
  readonly label: string;
  /** The concatenated SHA-256 digests of its blocks; `undefined` if reads are not verified. */
  readonly digests: Uint8Array | undefined;
}

/** Random access to a file as it was examined. */
export interface ExaminedContent {
  readonly name: string;
  readonly size: number;
  /** Rejects if the file is too short, cannot be read, or has changed. */
  read(position: number, length: number): Promise<Buffer>;
  close(): void;
}

/**
 * @param descriptor the descriptor of a regular file
 * @param name the file's name in messages
 * @param stat returns its size and modification time
 * @throws MeridianError `source` if it cannot be read, or is being written to
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
    const digests = await digestsOf(descriptor, size);
    const after = stat(descriptor);
    const isRewritten = after.size < before.size || (after.size === before.size && after.mtimeNs !== before.mtimeNs);
    if (digests === undefined || isRewritten) {
      throw new MeridianError(
        'source',
        `${name} was changed while it was being examined. Let what writes to it finish, and run the same command again.`,
      );
    }
    return { at: descriptor, size, label, digests };
  } catch (error) {
    throw error instanceof MeridianError
      ? error
      : new MeridianError('source', `${name} cannot be read: ${messageOf(error)}.`, { cause: error });
  }
}

/** A file that is not examined, for reading only its beginning. */
export function unexamined(descriptor: number, label: string): ExaminedFile {
  return { at: descriptor, size: fstatSync(descriptor).size, label, digests: undefined };
}

/** A digest of the label and the file's content. */
export function contentOf({ label, digests }: Pick<ExaminedFile, 'label' | 'digests'>): string {
  if (digests === undefined) {
    throw new Error('a file that is not examined has no digest');
  }
  return createHash('sha256').update(label).update(digests).digest('hex');
}

/** @returns nothing if the file has become shorter */
async function digestsOf(descriptor: number, size: number): Promise<Uint8Array | undefined> {
  const digests = new Uint8Array(Math.ceil(size / CHUNK_BYTES) * DIGEST_BYTES);
  // one buffer for all blocks, so that a large file does not create garbage
  const buffer = Buffer.allocUnsafe(Math.min(size, CHUNK_BYTES));
  for (let from = 0; from < size; from += CHUNK_BYTES) {
    const block = await readBlock(descriptor, buffer, from, size);
    if (block.length < Math.min(CHUNK_BYTES, size - from)) {
      return undefined;
    }
    digests.set(digestOf(block), (from / CHUNK_BYTES) * DIGEST_BYTES);
  }
  return digests;
}

function digestOf(block: Buffer): Buffer {
  return createHash('sha256').update(block).digest();
}

/** @returns the block at `from`; only a part of it if the file has become shorter */
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

/** @throws Error if it differs from the examined block */
async function examinedBlock(descriptor: number, { size, digests }: ExaminedFile, from: number): Promise<Buffer> {
  const block = await readBlock(descriptor, Buffer.allocUnsafe(Math.min(CHUNK_BYTES, size - from)), from, size);
  const at = (from / CHUNK_BYTES) * DIGEST_BYTES;
  if (digests !== undefined && digestOf(block).compare(digests, at, at + DIGEST_BYTES) !== 0) {
    throw new Error(CHANGED);
  }
  return block;
}

/** @returns the descriptor, and a function that closes it if it was opened here */
function reopened(name: string, { at }: ExaminedFile): { readonly descriptor: number; close(): void } {
  if (typeof at === 'number') {
    return { descriptor: at, close: () => undefined };
  }
  const { descriptor } = openFile(at, name);
  let isOpen = true;
  return {
    descriptor,
    close() {
      if (isOpen) {
        isOpen = false;
        closeSync(descriptor);
      }
    },
  };
}

/**
 * The bytes of an examined file from its beginning.
 *
 * @throws MeridianError `source` if there is no file at its path any more
 */
export function examinedBytes(name: string, file: ExaminedFile): ByteInput {
  const { descriptor, close } = reopened(name, file);
  const { size } = file;
  let bytesRead = 0;
  let hasGrown = false;
  let lastByte: number | undefined;

  async function next(): Promise<Buffer | undefined> {
    if (bytesRead === size) {
      hasGrown = (await readAt(descriptor, Buffer.alloc(1), 0, 1, size)).bytesRead > 0;
      return undefined;
    }
    const block = await examinedBlock(descriptor, file, bytesRead);
    bytesRead += block.length;
    lastByte = block.at(-1);
    return block;
  }

  return {
    name,
    next,
    shortage: (isText) => (isText && hasGrown ? endsWithinLine(lastByte) : undefined),
    progress: () => ({ bytesRead, bytesTotal: size }),
    close: async () => close(),
  };
}

/**
 * Random access to an examined file.
 *
 * @throws MeridianError `source` if there is no file at its path any more
 */
export function examinedContent(name: string, file: ExaminedFile): ExaminedContent {
  const { descriptor, close } = reopened(name, file);
  let last: { readonly from: number; readonly block: Buffer } | undefined;

  async function blockAt(from: number): Promise<Buffer> {
    if (last?.from !== from) {
      last = { from, block: await examinedBlock(descriptor, file, from) };
    }
    return last.block;
  }

  return {
    name,
    size: file.size,
    async read(position, length) {
      if (position + length > file.size) {
        throw new Error(`the file ends before byte ${position + length}`);
      }
      const parts: Buffer[] = [];
      for (let at = position; at < position + length; ) {
        const from = at - (at % CHUNK_BYTES);
        const part = (await blockAt(from)).subarray(at - from, position + length - from);
        parts.push(part);
        at += part.length;
      }
      return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
    },
    close,
  };
}
