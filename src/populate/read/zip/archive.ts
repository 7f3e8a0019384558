/** A ZIP archive: its list of files, and the bytes of each, of which only the declared number is decompressed. */
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from 'yauzl';
import { MeridianError, messageOf } from '../../../shared/errors.ts';
import { quoted } from '../../../shared/text/visible.ts';
import { CHUNK_BYTES } from '../bytes.ts';
import type { ExaminedContent } from '../examined-file.ts';

/** An archive with more files is no delivery of data, and its list of files takes memory. */
const MAX_FILES = 100_000;

/** A file in an archive. */
export interface ArchivedFile {
  /** Its path in the archive. */
  readonly path: string;
  /** The uncompressed size in bytes. */
  readonly size: number;
  /** The compressed size in bytes. */
  readonly packedSize: number;
}

export interface Archive {
  readonly files: readonly ArchivedFile[];
  /** Throws Error if the data is damaged, or does not have the declared size. */
  bytesOf(path: string): AsyncGenerator<Buffer>;
  /** The approximate number of compressed bytes read from a file. */
  readOf(path: string): number;
}

/** @throws MeridianError `source` if it is damaged, encrypted, or of an unsupported kind */
export async function openArchive(content: ExaminedContent): Promise<Archive> {
  const entries = new Map<string, Entry>();
  const unpackedBytes = new Map<string, number>();
  const fault = (sentence: string, cause?: unknown) =>
    new MeridianError('source', `${content.name} ${sentence}`, { cause });
  let zip: ZipFile;
  try {
    zip = await fromRandomAccessReaderPromise(new ContentReader(content), content.size, {
      autoClose: false,
      lazyEntries: true,
    });
    for await (const entry of zip.eachEntry()) {
      if (entries.has(entry.fileName)) {
        throw new Error(`it holds two files called ${quoted(entry.fileName)}`);
      }
      if (!entry.fileName.endsWith('/')) {
        entries.set(entry.fileName, entry);
      }
      if (entries.size > MAX_FILES) {
        break;
      }
    }
  } catch (error) {
    throw fault(
      `is a ZIP archive that cannot be read: ${messageOf(error).replace(/[.]+$/, '')}. Get it again, or pack it again.`,
      error,
    );
  }
  const problem = problemOf([...entries.values()], content.size);
  if (problem !== undefined) {
    throw fault(problem);
  }
  return {
    files: [...entries.values()].map(({ fileName, uncompressedSize, compressedSize }) => ({
      path: fileName,
      size: uncompressedSize,
      packedSize: compressedSize,
    })),
    async *bytesOf(path) {
      const entry = entries.get(path);
      if (entry === undefined) {
        throw new Error(`it holds no file ${quoted(path)}`);
      }
      let read = 0;
      for await (const chunk of unpacked(zip, entry)) {
        read += chunk.length;
        unpackedBytes.set(path, read);
        yield chunk;
      }
    },
    readOf(path) {
      const { uncompressedSize = 0, compressedSize = 0 } = entries.get(path) ?? {};
      const share = uncompressedSize === 0 ? 0 : (unpackedBytes.get(path) ?? 0) / uncompressedSize;
      return Math.round(share * compressedSize);
    },
  };
}

/** Why an archive is rejected, as the end of a sentence. */
function problemOf(entries: readonly Entry[], size: number): string | undefined {
  if (entries.length > MAX_FILES) {
    return `is a ZIP archive of more than ${MAX_FILES.toLocaleString('en')} files. Unpack it, and load what holds the records.`;
  }
  const encrypted = entries.find((entry) => entry.isEncrypted());
  if (encrypted !== undefined) {
    return `is a ZIP archive in which ${quoted(encrypted.fileName)} is encrypted. Unpack it with its password, for example with unzip, and load the files.`;
  }
  const unknown = entries.find((entry) => !entry.canDecodeFileData());
  if (unknown !== undefined) {
    return `is a ZIP archive in which ${quoted(unknown.fileName)} is packed by the method ${unknown.compressionMethod}, which cannot be read. Unpack it, for example with 7z x, and load the files.`;
  }
  // files that share compressed bytes could decompress to any size
  if (entries.reduce((sum, { compressedSize }) => sum + compressedSize, 0) > size) {
    return 'is a ZIP archive whose files overlap. It is damaged, or was made to do harm.';
  }
  return undefined;
}

async function* unpacked(zip: ZipFile, entry: Entry): AsyncGenerator<Buffer> {
  let checksum = 0;
  for await (const chunk of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) {
    checksum = crc32(chunk, checksum);
    yield chunk;
  }
  if (checksum !== entry.crc32) {
    throw new Error('its checksum does not match; the archive is damaged');
  }
}

class ContentReader extends RandomAccessReader {
  readonly #content: ExaminedContent;

  constructor(content: ExaminedContent) {
    super();
    this.#content = content;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    const content = this.#content;
    return Readable.from(
      (async function* () {
        for (let at = start; at < end; ) {
          // up to the end of the block, which is read as a whole
          const length = Math.min(CHUNK_BYTES - (at % CHUNK_BYTES), end - at);
          yield await content.read(at, length);
          at += length;
        }
      })(),
      { objectMode: false, highWaterMark: CHUNK_BYTES },
    );
  }
}
