/** The internal modules of unbzip2-stream: its stream decompresses as much as it can at once, whether there is memory for it or not. */

declare module 'unbzip2-stream/lib/bzip2.js' {
  type Bits = import('unbzip2-stream/lib/bit_iterator.js').Bits;

  const bzip2: {
    /** Reads the start of a member. @returns its block size, in units of 100,000 bytes */
    header(bits: Bits): number;
    /**
     * Reads a block.
     *
     * @returns the checksum so far; `null` if it has read the end of the member instead
     */
    decompress(
      bits: Bits,
      take: (byte: number) => void,
      buffer: Int32Array,
      size: number,
      checksum: number | null,
    ): number | null;
  };
  export default bzip2;
}

declare module 'unbzip2-stream/lib/bit_iterator.js' {
  export interface Bits {
    (count: number | null): number;
    readonly bytesRead: number;
  }

  export default function bitIterator(next: () => Buffer): Bits;
}
