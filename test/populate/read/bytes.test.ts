/** Files that other programs change while they are read. */
import { appendFileSync, truncateSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { fileSource } from '../../../src/populate/read/file.ts';
import type { RawRecord } from '../../../src/populate/read/source.ts';
import { makeFolder, writeIn } from '../../support/folder.ts';

const RECORDS = 60_000;

const line = (id: number) => `${id},User ${id},user${id}@example.com\n`;
const jsonLine = (id: number) => `${JSON.stringify({ id, name: `User ${id}`, email: `user${id}@example.com` })}\n`;
const linesUpTo = (count: number, of: (id: number) => string) =>
  Array.from({ length: count }, (_, index) => of(index + 1)).join('');

const CSV = `id,name,email\n${linesUpTo(RECORDS, line)}`;
const NDJSON = linesUpTo(RECORDS, jsonLine);

/** What is read of a file that `change` befalls when its first records are there, far from its end. */
async function readWhile(
  name: string,
  content: string | Uint8Array,
  change: (path: string) => void,
): Promise<{ path: string; ids: number[]; error: unknown; bytesRead: number }> {
  const path = writeIn(makeFolder(), name, content);
  const open = await fileSource(path).open();
  change(path);
  const found: RawRecord[] = [];
  let error: unknown;
  try {
    for await (const records of open.records) {
      found.push(...records);
    }
  } catch (thrown) {
    error = thrown;
  }
  await open.close();
  const ids = found.map(({ record }) => Number((record as { id: unknown }).id));
  return { path, ids, error, bytesRead: open.progress().bytesRead };
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('a file that is truncated', () => {
  const whole = 40_000;

  test.each([
    ['within a record', 'users.csv', CSV, `id,name,email\n${linesUpTo(whole, line)}`, 7, whole + 2],
    ['between records', 'users.csv', CSV, `id,name,email\n${linesUpTo(whole, line)}`, 0, whole + 2],
    ['within a line of JSON', 'users.ndjson', NDJSON, linesUpTo(whole, jsonLine), 10, whole + 1],
  ])(
    '%s gives the whole records before it, and reports where',
    async (_what, name, content, left, more, lineNumber) => {
      const bytes = left.length + more;
      const { path, ids, error, bytesRead } = await readWhile(name, content, (file) => truncateSync(file, bytes));
      expect(ids).toEqual(upTo(whole));
      expect(bytesRead).toBe(bytes);
      expect(error).toMatchObject({
        code: 'source',
        message: `${path}, line ${lineNumber}: the file was truncated while it was being read (${bytes} of ${content.length} bytes were there).`,
      });
    },
  );

  test('to nothing', async () => {
    const { ids, error } = await readWhile('users.csv', CSV, (file) => truncateSync(file, 0));
    expect(ids).toEqual(upTo(ids.length));
    expect(ids.length).toBeLessThan(RECORDS);
    expect(error).toMatchObject({ code: 'source', message: expect.stringContaining('the file was truncated while') });
  });

  test('in the middle of a JSON array', async () => {
    const content = `[${linesUpTo(RECORDS, jsonLine).trim().replaceAll('\n', ',\n')}]`;
    const { ids, error } = await readWhile('users.json', content, (file) => truncateSync(file, content.length - 100));
    expect(ids).toEqual(upTo(ids.length));
    expect(ids.length).toBeGreaterThan(RECORDS - 5);
    expect(error).toMatchObject({ code: 'source', message: expect.stringContaining('the file was truncated while') });
  });

  test('and packed', async () => {
    const packed = gzipSync(CSV, { level: 0 });
    const { ids, error } = await readWhile('users.csv.gz', packed, (file) => truncateSync(file, packed.length - 1000));
    expect(ids).toEqual(upTo(ids.length));
    expect(ids.length).toBeLessThan(RECORDS);
    expect(error).toMatchObject({ code: 'source', message: expect.stringMatching(/truncated/) });
  });

  test('and packed, right between two members', async () => {
    const members = [gzipSync(CSV, { level: 0 }), gzipSync(line(0), { level: 0 })];
    const { ids, error } = await readWhile('users.csv.gz', Buffer.concat(members), (file) =>
      truncateSync(file, members[0]?.length),
    );
    expect(ids).toEqual(upTo(RECORDS));
    expect(error).toMatchObject({ code: 'source', message: expect.stringContaining('the file was truncated while') });
  });
});

describe('a file that grows', () => {
  test.each([
    ['by records', 'users.csv', CSV, line(RECORDS + 1).repeat(5000)],
    ['by a part of a record', 'users.csv', CSV, '99,Us'],
    ['by a line of JSON', 'users.ndjson', NDJSON, jsonLine(RECORDS + 1)],
    ['by the line end that it did not have, or so', 'users.ndjson', `${NDJSON}\r`, '\n'],
    ['by a packed member', 'users.csv.gz', gzipSync(CSV, { level: 0 }), gzipSync(line(RECORDS + 1))],
  ])('%s is read as it was when it was opened', async (_what, name, content, more) => {
    const { ids, error, bytesRead } = await readWhile(name, content, (file) => appendFileSync(file, more));
    expect(error).toBeUndefined();
    expect(ids).toEqual(upTo(RECORDS));
    expect(bytesRead).toBe(content.length);
  });

  test.each([
    ['a record', 'users.csv', `${CSV}${RECORDS + 1},User`, ` ${RECORDS + 1},user@example.com\n`, RECORDS + 2],
    ['a line of JSON', 'users.ndjson', `${NDJSON}{"id":12`, '345}\n', RECORDS + 1],
  ])('and ended within %s: that one is not taken for whole', async (_what, name, content, more, lineNumber) => {
    const { path, ids, error } = await readWhile(name, content, (file) => appendFileSync(file, more));
    expect(ids).toEqual(upTo(RECORDS));
    expect(error).toMatchObject({
      code: 'source',
      message: `${path}, line ${lineNumber}: the file was still being written when it was opened, and this line was not complete; load it again when it is.`,
    });
  });

  test('no more is wanted of a last line without an end when the file stays as it is', async () => {
    const { ids, error } = await readWhile('users.csv', CSV.trimEnd(), () => undefined);
    expect(error).toBeUndefined();
    expect(ids).toEqual(upTo(RECORDS));
  });
});
