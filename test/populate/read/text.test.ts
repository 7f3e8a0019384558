/** Bytes to text: what is unpacked, decoded and refused, and how much has been delivered by then. */
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { openText, TextFault } from '../../../src/populate/read/text.ts';
import { makeFolder, writeIn } from '../../support/folder.ts';

const CHUNK_BYTES = 256 * 1024;

/** The text of a file, and what stopped it, if something did. */
async function read(content: string | Uint8Array, name = 'users.csv'): Promise<{ text: string; fault: unknown }> {
  const input = await openText(writeIn(makeFolder(), name, content), undefined, {
    encoding: 'utf-8',
    strictFormat: true,
  });
  let text = '';
  try {
    for await (const chunk of input.chunks) {
      text += chunk;
    }
    return { text, fault: undefined };
  } catch (fault) {
    return { text, fault };
  } finally {
    await input.close();
  }
}

const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

const WINDOWS_1252 = expect.stringMatching(
  /^the text is not valid UTF-8 \(byte 0x[0-9A-F]{2}; if the file is in another encoding, name it with --encoding\)$/,
);
const TRUNCATED = 'the text ends in the middle of a UTF-8 character; the file is truncated';

/** A gzip member of exactly so many bytes, most of them a comment. */
function withComment(text: string, size: number): Buffer {
  const packed = gzipSync(text);
  const header = Buffer.from(packed.subarray(0, 10));
  header[3] = 16;
  return Buffer.concat([header, Buffer.alloc(size - packed.length - 1, 'x'), Buffer.alloc(1), packed.subarray(10)]);
}

describe('what cannot be opened', () => {
  test('a file that does not exist', async () => {
    const path = join(makeFolder(), 'missing.csv');
    await expect(openText(path)).rejects.toMatchObject({ code: 'source', message: `${path} does not exist.` });
  });

  test('a directory', async () => {
    const folder = makeFolder();
    await expect(openText(folder)).rejects.toMatchObject({
      code: 'source',
      message: `${folder} is a directory, not a file.`,
    });
  });

  test('a path through a file', async () => {
    const path = join(writeIn(makeFolder(), 'users.csv', 'id\n'), 'more.csv');
    await expect(openText(path)).rejects.toMatchObject({
      code: 'source',
      message: expect.stringMatching(/users\.csv\/more\.csv cannot be read: .*ENOTDIR/),
    });
  });

  test('an empty file', async () => {
    const path = writeIn(makeFolder(), 'users.csv', '');
    await expect(openText(path)).rejects.toMatchObject({ code: 'source', message: `${path} is empty.` });
  });
});

describe('plain text', () => {
  test.each([
    ['ASCII', 'id,name\n1,Ada\n'],
    ['several scripts', 'é ß 漢字 עברית 😀\n'],
    ['line ends of all kinds, kept', 'a\r\nb\rc\n\u2028'],
    ['a byte order mark in the middle, kept', 'a\ufeffb\n'],
    ['a single character', 'x'],
    ['NUL, kept', 'a\0b\n'],
  ])('%s', async (_what, text) => {
    expect(await read(text)).toEqual({ text, fault: undefined });
  });

  test.each(['\ufeff', '\ufeff\ufeff'])('is given without byte order marks before it: %j', async (marks) => {
    expect(await read(`${marks}id,name\n`)).toEqual({ text: 'id,name\n', fault: undefined });
  });

  test.each([
    ['é', 1],
    ['漢', 1],
    ['漢', 2],
    ['😀', 1],
    ['😀', 2],
    ['😀', 3],
  ])('%s may be cut after byte %d by the end of a chunk', async (character, before) => {
    const text = `${'x'.repeat(CHUNK_BYTES - before)}${character}${'y'.repeat(CHUNK_BYTES)}${character}\n`;
    const result = await read(text);
    expect(result.fault).toBeUndefined();
    expect(result.text === text).toBe(true);
  });

  test('how much has been read is reported', async () => {
    const path = writeIn(makeFolder(), 'users.csv', 'x'.repeat(3 * CHUNK_BYTES));
    const input = await openText(path);
    expect(input.name).toBe(path);
    expect(input.progress()).toEqual({ bytesRead: CHUNK_BYTES, bytesTotal: 3 * CHUNK_BYTES });
    for await (const _chunk of input.chunks) {
      // only the count matters
    }
    expect(input.progress()).toEqual({ bytesRead: 3 * CHUNK_BYTES, bytesTotal: 3 * CHUNK_BYTES });
    await input.close();
  });

  test('can be closed before it is read', async () => {
    const input = await openText(writeIn(makeFolder(), 'users.csv', 'x'.repeat(3 * CHUNK_BYTES)));
    await input.close();
    await expect(input.close()).resolves.toBeUndefined();
  });
});

describe('text that is not UTF-8', () => {
  test.each([
    ['at once', bytes([0xff]), '', WINDOWS_1252],
    ['in the first line', bytes('id,n', [0xe9], 'm\n1,Ada\n'), '', WINDOWS_1252],
    ['in a later line', bytes('id,name\n1,Ada\n2,B', [0xf6], '\n3,Cy\n'), 'id,name\n1,Ada\n', WINDOWS_1252],
    ['in a last line without end', bytes('id,name\n1,Ada\n2,B', [0xf6], 'x'), 'id,name\n1,Ada\n', WINDOWS_1252],
    ['after characters of several bytes', bytes('id,näme\n1,漢😀\n', [0xff], '\n'), 'id,näme\n1,漢😀\n', WINDOWS_1252],
    ['an overlong form', bytes('id\n', [0xc0, 0xaf], '\n'), 'id\n', WINDOWS_1252],
    ['half of a surrogate pair', bytes('id\n', [0xed, 0xa0, 0x80], '\n'), 'id\n', WINDOWS_1252],
    ['after a byte order mark', bytes([0xef, 0xbb, 0xbf], 'id\n1\n', [0xe9], '\n'), 'id\n1\n', WINDOWS_1252],
    ['where carriage returns end lines', bytes('id\r1\r', [0xe9], '\r2\r'), 'id\r1\r', WINDOWS_1252],
    ['cut off in a character of two bytes', bytes('id\n1,', [0xc3]), 'id\n1,', TRUNCATED],
    ['cut off in a character of four bytes', bytes('id\n1,', [0xf0, 0x9f, 0x98]), 'id\n1,', TRUNCATED],
  ])('%s', async (_what, content, text, message) => {
    const result = await read(content);
    expect(result).toEqual({ text, fault: expect.any(TextFault) });
    expect(result.fault).toHaveProperty('message', message);
  });

  test.each([
    ['right behind the border of two chunks', bytes([0xe9])],
    ['in a character that the border cuts', bytes([0xf0, 0x9f])],
  ])('%s: all whole lines before it are given, and no more', async (_what, invalid) => {
    const lines = 'id,name\n'.repeat(CHUNK_BYTES / 8 - 1);
    const content = bytes(lines, '1234567', [...invalid], 'x\n3,Cy\n');
    const { text, fault } = await read(content);
    expect(fault).toHaveProperty('message', WINDOWS_1252);
    expect(text.slice(0, text.lastIndexOf('\n') + 1) === lines).toBe(true);
    expect(text.slice(lines.length)).toBe('1234567');
  });

  test('whole lines of the chunk that the invalid bytes are in', async () => {
    const before = `${'x'.repeat(CHUNK_BYTES - 1)}😀\nnext\n`;
    const { text, fault } = await read(bytes(before, [0xe9], '\nlast\n'));
    expect(fault).toBeInstanceOf(TextFault);
    expect(text === before).toBe(true);
  });
});

describe('gzip', () => {
  const table = `id,name\n${Array.from({ length: 100_000 }, (_, id) => `${id},Ada ${id * 7919}\n`).join('')}`;

  test.each([
    ['with its extension', 'users.csv.gz'],
    ['without it', 'users.csv'],
  ])('is unpacked, %s', async (_what, name) => {
    const { text, fault } = await read(gzipSync(table), name);
    expect(fault).toBeUndefined();
    expect(text === table).toBe(true);
  });

  test('of several members is unpacked as one text, as gzip does', async () => {
    const packed = Buffer.concat([gzipSync('id,name\n1,Ada\n'), gzipSync('2,Bo\n')]);
    expect(await read(packed)).toEqual({ text: 'id,name\n1,Ada\n2,Bo\n', fault: undefined });
  });

  describe('with zeros', () => {
    const [first, second, all] = ['id,name\n1,Ada\n', '2,Bo\n', 'id,name\n1,Ada\n2,Bo\n'];

    test.each([
      ['behind it', [gzipSync(all), Buffer.alloc(512)], all],
      ['between members', [gzipSync(first), Buffer.alloc(512), gzipSync(second)], all],
      ['between and behind members', [gzipSync(first), Buffer.alloc(1), gzipSync(second), Buffer.alloc(9000)], all],
      ['between many', Array<Buffer>(100).fill(Buffer.concat([gzipSync('x\n'), Buffer.alloc(3)])), 'x\n'.repeat(100)],
      ['that fill chunks', [gzipSync(first), Buffer.alloc(2 * CHUNK_BYTES + 1), gzipSync(second)], all],
      [
        'from the border of a chunk on',
        [
          gzipSync(first),
          withComment(second, CHUNK_BYTES - gzipSync(first).length),
          Buffer.alloc(7),
          gzipSync('3,Cy\n'),
        ],
        `${all}3,Cy\n`,
      ],
      [
        'before a member of many chunks',
        [gzipSync(first), Buffer.alloc(1), gzipSync(table, { level: 0 })],
        first + table,
      ],
      ['and long members', [gzipSync(table), Buffer.alloc(300_000), gzipSync(table)], table + table],
    ])('%s is unpacked to its end', async (_what, parts, expected) => {
      const { text, fault } = await read(Buffer.concat(parts));
      expect(fault).toBeUndefined();
      expect(text === expected).toBe(true);
    });

    test.each([
      ['text', Buffer.from('2,Bo\n'), 'the gzip data is damaged (something else than gzip data follows it)'],
      ['half a member', gzipSync(second).subarray(0, 11), 'the gzip data ends too early; the file is truncated'],
    ])('and then %s ends in a fault', async (_what, rest, message) => {
      const { text, fault } = await read(Buffer.concat([gzipSync(first), Buffer.alloc(512), rest]));
      expect(text).toBe(first);
      expect(fault).toHaveProperty('message', message);
    });
  });

  test('of nothing is a text without chunks', async () => {
    expect(await read(gzipSync(''))).toEqual({ text: '', fault: undefined });
  });

  test('with a byte order mark', async () => {
    expect(await read(gzipSync('\ufeffid\n'))).toEqual({ text: 'id\n', fault: undefined });
  });

  test('plain text under the name of a packed file is read as it is', async () => {
    expect(await read('id,name\n', 'users.csv.gz')).toEqual({ text: 'id,name\n', fault: undefined });
  });

  test.each([
    ['in its header', 5, ''],
    ['in its checksum', -3, 'id,name\n1,Ada\n'],
    ['before its checksum', -8, 'id,name\n1,Ada\n'],
  ])('that ends %s', async (_what, end, given) => {
    const { text, fault } = await read(gzipSync('id,name\n1,Ada\n').subarray(0, end));
    expect(text).toBe(given);
    expect(fault).toBeInstanceOf(TextFault);
    expect(fault).toHaveProperty('message', 'the gzip data ends too early; the file is truncated');
  });

  test('that ends too early gives the lines that stand before its end', async () => {
    const packed = gzipSync(table);
    const { text, fault } = await read(packed.subarray(0, packed.length - 100));
    expect(fault).toHaveProperty('message', 'the gzip data ends too early; the file is truncated');
    expect(table.startsWith(text)).toBe(true);
    // the hundred bytes that are missing cannot hold a tenth of the table
    expect(text.length).toBeGreaterThan(table.length * 0.9);
  });

  test('that is damaged', async () => {
    const packed = gzipSync(table);
    const middle = Math.floor(packed.length / 2);
    packed.fill(0xff, middle, middle + 64);
    const { text, fault } = await read(packed);
    expect(fault).toBeInstanceOf(TextFault);
    expect(fault).toHaveProperty('message', expect.stringMatching(/^the gzip data is damaged \(.+\)$/));
    expect(text === table).toBe(false);
  });

  test('whose checksum is wrong', async () => {
    const packed = gzipSync('id,name\n1,Ada\n');
    const checksum = packed.length - 8;
    packed[checksum] = (packed[checksum] ?? 0) ^ 1;
    expect((await read(packed)).fault).toHaveProperty(
      'message',
      'the gzip data is damaged (its checksum does not match)',
    );
  });

  test('of text that is not UTF-8', async () => {
    const result = await read(gzipSync(bytes('id\n1\n', [0xe9], '\n')));
    expect(result).toEqual({ text: 'id\n1\n', fault: expect.any(TextFault) });
    expect(result.fault).toHaveProperty('message', WINDOWS_1252);
  });
});
