/** Decompresses data by its first bytes, since the file name may be wrong. */
import { gunzip } from '../gunzip.ts';

export type Compression = 'gzip' | 'bzip2' | 'Zstandard';

const UNPACKERS: Readonly<Record<Compression, (bytes: AsyncIterable<Buffer>) => AsyncGenerator<Buffer>>> = {
  gzip: gunzip,
  async *bzip2(bytes) {
    const { bunzip2 } = await import('./bunzip2.ts');
    yield* bunzip2(bytes);
  },
  async *Zstandard(bytes) {
    const { unzstd } = await import('./unzstd.ts');
    yield* unzstd(bytes);
  },
};

/** What follows the header: a block, or the end of an empty member. */
const BZIP2_STARTS = ['314159265359', '177245385090'];

/** @param head the first bytes of a file @returns `undefined` if it is not compressed, or in an unsupported format */
export function compressionOf(head: Buffer): Compression | undefined {
  if (head[0] === 0x1f && head[1] === 0x8b) {
    return 'gzip';
  }
  if (/^BZh\d/.test(head.toString('latin1', 0, 4)) && BZIP2_STARTS.includes(head.toString('hex', 4, 10))) {
    return 'bzip2';
  }
  // a data frame, or one of another program before it
  const magic = head.length < 4 ? 0 : head.readUInt32LE();
  return magic === 0xfd2fb528 || (magic & 0xfffffff0) >>> 0 === 0x184d2a50 ? 'Zstandard' : undefined;
}

/** Throws the errors of zlib, PackFault and those of the input. */
export function unpack(compression: Compression, bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  return UNPACKERS[compression](bytes);
}
