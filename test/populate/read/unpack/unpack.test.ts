/** Compressed data: several members, damage, and what follows the end. Everything is unpacked, or there is a fault. */
import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { PackFault } from '../../../../src/populate/read/unpack/pack-fault.ts';
import { type Compression, compressionOf, unpack } from '../../../../src/populate/read/unpack/unpack.ts';
import { depth } from '../../../support/depth.ts';

// packed by the bzip2 of Python: "id,name\n1,Ann\n", and "2,Bob\n" with the smallest block size
const ANN = Buffer.from('QlpoOTFBWSZTWUMQH54AAATdAAAQAAQgACAAJiMgACID1BoQAwxGlnIRa8XckU4UJBDEB+eA', 'base64');
const BOB = Buffer.from('QlpoMTFBWSZTWYrKpwsAAAFdAAAQAAQQABAAEACgACGADALHNuLuSKcKEhFZVOFg', 'base64');

const zstd = (text: string, options = {}) => zstdCompressSync(text, { params: options });
const CHECKED = { [constants.ZSTD_c_checksumFlag]: 1 };

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let from = 0; from < bytes.length; from += size) {
    yield bytes.subarray(from, from + size);
  }
}

async function unpacked(bytes: Buffer, size = 5): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of unpack(compressionOf(bytes) as Compression, inPieces(bytes, size))) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

test.each([
  ['gzip', gzipSync('text')],
  ['bzip2', ANN],
  ['Zstandard', zstd('text')],
  ['Zstandard', Buffer.concat([Buffer.from('502a4d1800000000', 'hex'), zstd('text')])],
  [undefined, Buffer.from('BZh is no archive')],
  [undefined, Buffer.from('id')],
  [undefined, Buffer.alloc(0)],
])('%s is recognised by its first bytes', (compression, bytes) => expect(compressionOf(bytes)).toBe(compression));

describe.each([
  ['gzip', gzipSync('id,name\n1,Ann\n'), gzipSync('2,Bob\n')],
  ['bzip2', ANN, BOB],
  ['Zstandard', zstd('id,name\n1,Ann\n'), zstd('2,Bob\n', CHECKED)],
])('%s', (_, first, second) => {
  test.each([1, 7, 100_000])('several members, in pieces of %d bytes', async (size) => {
    expect(await unpacked(Buffer.concat([first, second, first]), size)).toBe('id,name\n1,Ann\n2,Bob\nid,name\n1,Ann\n');
  });

  // a prime, so that all kinds of places are met
  const STEP = depth(7, 1);

  test('cut off anywhere', async () => {
    const whole = Buffer.concat([first, second]);
    for (let length = first.length + 1; length < whole.length; length += STEP) {
      await expect(unpacked(whole.subarray(0, length), 1000)).rejects.toThrow();
    }
  });

  test('something else after the end', async () => {
    await expect(unpacked(Buffer.concat([first, Buffer.from('something else')]))).rejects.toThrow();
  });
});

test('long data of bzip2, whose blocks are many times longer than what they are packed into', async () => {
  // 5,000,000 times "a", packed by Python
  const bytes = Buffer.from('QlpoOTFBWSZTWdKrRzUAJkuBAqAACAAACCAAMMwFKaapEUbAoijxdyRThQkNKrRzUA==', 'base64');
  expect(await unpacked(bytes, 10)).toBe('a'.repeat(5_000_000));
});

test('many frames of Zstandard, with frames of other programs between them', async () => {
  const skipped = Buffer.from('5a2a4d1803000000aabbcc', 'hex');
  const lines = Array.from({ length: 500 }, (_, index) => `${index},${'x'.repeat(index)}\n`);
  const bytes = Buffer.concat(lines.flatMap((line) => [skipped, zstd(line, CHECKED)]));
  expect(await unpacked(bytes, 1000)).toBe(lines.join(''));
});

test('random bytes of Zstandard, which are stored, and runs', async () => {
  const text =
    Array.from({ length: 300_000 }, (_, index) => String.fromCharCode(33 + ((index * 7919) % 90))).join('') +
    'r'.repeat(400_000);
  expect(await unpacked(zstd(text), 4096)).toBe(text);
});

describe('damage is named', () => {
  const changed = (bytes: Buffer, at: number) => {
    const copy = Buffer.from(bytes);
    copy[at] = (copy[at] ?? 0) ^ 0x15;
    return copy;
  };

  test.each([
    ['bzip2, a checksum', changed(ANN, 12), 'the bzip2 data is damaged (its checksum does not match)'],
    [
      'bzip2, a block',
      changed(Buffer.concat([ANN, BOB]), ANN.length + 5),
      'the bzip2 data is damaged (a block has no valid beginning)',
    ],
    ['bzip2, cut off', ANN.subarray(0, 30), 'the bzip2 data ends too early; the file is truncated'],
    [
      'bzip2, other data',
      Buffer.concat([ANN, Buffer.from('more')]),
      'the bzip2 data is damaged (something else than bzip2 data follows it)',
    ],
    [
      'Zstandard, a checksum',
      changed(zstd('hello', CHECKED), zstd('hello', CHECKED).length - 1),
      "the Zstandard data is damaged (Restored data doesn't match checksum)",
    ],
    ['Zstandard, cut off', zstd('hello').subarray(0, -1), 'the Zstandard data ends too early; the file is truncated'],
    [
      'Zstandard, other data',
      Buffer.concat([zstd('hello'), Buffer.from('more')]),
      'the Zstandard data is damaged (something else than Zstandard data follows it)',
    ],
    [
      'Zstandard, a block',
      Buffer.from('28b52ffd200007000000', 'hex'),
      'the Zstandard data is damaged (a block is of no known type)',
    ],
  ])('%s', async (_, bytes, message) => {
    await expect(unpacked(bytes)).rejects.toThrow(expect.objectContaining({ constructor: PackFault, message }));
  });
});

test('an error of the input stays what it is', async () => {
  for (const bytes of [gzipSync('text'), ANN, zstd('text')]) {
    const failing = (async function* () {
      yield bytes.subarray(0, 8);
      throw new Error('the disk is gone');
    })();
    const reading = unpack(compressionOf(bytes) as Compression, failing);
    await expect(reading.next()).rejects.toThrow('the disk is gone');
  }
});
