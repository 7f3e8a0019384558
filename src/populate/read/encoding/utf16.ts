/** Detects UTF-16 without a byte order mark. */

/** Number of examined bytes. */
const HEAD_BYTES = 4096;

/** @returns the encoding of a text in which every other byte is often zero */
export function utf16Of(head: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  return isUtf16(head, 1) ? 'utf-16le' : isUtf16(head, 0) ? 'utf-16be' : undefined;
}

/** With fewer pairs of bytes, most characters may be beyond U+00FF. */
const SHOWING_PAIRS = 32;

const LINE_FEED = 0x0a;

/**
 * Whether one byte of each pair, and never the other, is often zero, as in characters below U+0100. Every table contains such separators,
 * digits and line ends.
 *
 * @param high the index of the high byte in a pair
 */
function isUtf16(bytes: Buffer, high: 0 | 1): boolean {
  const pairs = Math.floor(Math.min(bytes.length, HEAD_BYTES) / 2);
  const low = 1 - high;
  let zeros = 0;
  let lineEnds = 0;
  for (let at = 0; at < 2 * pairs; at += 2) {
    if (bytes[at + low] === 0) {
      return false;
    }
    if (bytes[at + high] === 0) {
      zeros++;
      lineEnds += bytes[at + low] === LINE_FEED ? 1 : 0;
    }
  }
  const isOften = pairs >= SHOWING_PAIRS ? zeros * 10 > pairs : pairs > 1 && zeros * 2 > pairs;
  return isOften && (lineEnds > 0 || !bytes.includes(LINE_FEED));
}
