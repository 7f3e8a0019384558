/** A file that is changed, replaced or cut off after it was examined: what is read is what was examined, or a fault. */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  fstatSync,
  openSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import { CHUNK_BYTES } from '../../../src/populate/read/bytes.ts';
import { contentOf, examine } from '../../../src/populate/read/examined-file.ts';
import { fileSource } from '../../../src/populate/read/file.ts';
import { openSpec } from '../../../src/populate/read/open-spec.ts';
import { openFile, streamOf } from '../../../src/populate/read/opened-file.ts';
import type { Source } from '../../../src/populate/read/source.ts';
import { makeFolder, writeIn } from '../../support/folder.ts';
import { recordsAndErrorOf, recordsOf } from '../../support/text.ts';

const RECORDS = 20_000;
const csv = (name: string, count = RECORDS) =>
  `id,name\n${Array.from({ length: count }, (_, index) => `${index + 1},${name} ${`${index}`.padStart(20, '.')}\n`).join('')}`;
const OLD = csv('Old');
const NEW = csv('New');

const kept: Source[] = [];

afterEach(() => Promise.all(kept.splice(0).map((source) => source.release?.())));

async function keep(path: string): Promise<Source> {
  const source = (await fileSource(path).keep?.(makeFolder())) as Source;
  kept.push(source);
  return source;
}

const namesIn = (records: readonly { record: unknown }[]) =>
  new Set(records.map(({ record }) => (record as { name: string }).name.slice(0, 3)));

test('it is large enough for several blocks', () => expect(OLD.length).toBeGreaterThan(2 * CHUNK_BYTES));

describe('read in this thread, and as another thread would', () => {
  const ways: [string, (source: Source) => Promise<Source>][] = [
    ['here', async (source) => source],
    ['from its spec', ({ spec }) => openSpec(structuredClone(spec) as NonNullable<Source['spec']>)],
  ];

  test.each(ways)('%s: another file that takes its name is not read', async (_, made) => {
    const folder = makeFolder();
    const path = writeIn(folder, 'users.csv', OLD);
    const source = await made(await keep(path));
    renameSync(writeIn(folder, 'new.csv', NEW), path);
    const [records, again] = [await recordsOf(await source.open()), await recordsOf(await source.open())];
    expect([records.length, namesIn(records)]).toEqual([RECORDS, new Set(['Old'])]);
    expect(again).toEqual(records);
    rmSync(path);
    expect(await recordsOf(await source.open())).toEqual(records);
  });

  test.each(ways)('%s: what is written over it is not read, and that is reported', async (_, made) => {
    const path = writeIn(makeFolder(), 'users.csv', OLD);
    const source = await made(await keep(path));
    const opened = await source.open();
    writeFileSync(path, NEW);
    const { found, error } = await recordsAndErrorOf(opened);
    expect(namesIn(found)).toEqual(new Set(['Old']));
    expect(found.length).toBeLessThan(RECORDS);
    expect(error).toMatchObject({
      code: 'source',
      message: expect.stringMatching(
        /users\.csv, line \d+: reading failed \(the file was changed after it was examined/,
      ),
    });
    await expect(source.open()).rejects.toMatchObject({
      code: 'source',
      message: expect.stringMatching(/users\.csv cannot be read: the file was changed after it was examined/),
    });
  });
});

test.each([0, CHUNK_BYTES - 1, CHUNK_BYTES, OLD.length - 2])('a single byte, at %d', async (at) => {
  const path = writeIn(makeFolder(), 'users.csv', OLD);
  const source = await keep(path);
  const file = openSync(path, 'r+');
  writeSync(file, '#', at);
  closeSync(file);
  const reading = source.open().then(recordsAndErrorOf);
  const error = await reading.then(
    (result) => result.error,
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ code: 'source', message: expect.stringContaining('the file was changed after') });
});

test('packed', async () => {
  const path = writeIn(makeFolder(), 'users.csv.gz', gzipSync(OLD, { level: 0 }));
  const source = await keep(path);
  const opened = await source.open();
  writeFileSync(path, gzipSync(NEW, { level: 0 }));
  const { found, error } = await recordsAndErrorOf(opened);
  expect(namesIn(found)).toEqual(new Set(['Old']));
  expect(error).toMatchObject({ message: expect.stringContaining('the file was changed after it was examined') });
});

test.each([0, 1, CHUNK_BYTES, OLD.length - 1])('cut off after %d bytes', async (bytes) => {
  const path = writeIn(makeFolder(), 'users.csv', OLD);
  const source = await keep(path);
  const opened = await source.open();
  truncateSync(path, bytes);
  const { found, error } = await recordsAndErrorOf(opened);
  expect(namesIn(found)).toEqual(new Set(['Old']));
  expect(error).toMatchObject({ message: expect.stringContaining('the file was changed after it was examined') });
});

test('what is appended is left for the next load', async () => {
  const path = writeIn(makeFolder(), 'users.csv', OLD);
  const source = await keep(path);
  appendFileSync(path, '99999,More\n');
  expect(await recordsOf(await source.open())).toHaveLength(RECORDS);
  expect(await (await keep(path)).content?.()).not.toBe(await source.content?.());
});

test('a last line that was not complete is not taken for whole', async () => {
  const path = writeIn(makeFolder(), 'users.csv', `${OLD}99999,Mo`);
  const source = await keep(path);
  appendFileSync(path, 're\n');
  const { found, error } = await recordsAndErrorOf(await source.open());
  expect(found).toHaveLength(RECORDS);
  expect(error).toMatchObject({
    message: expect.stringContaining('the file was still being written when it was opened'),
  });
});

test('the content is a digest of format and bytes, not of the name', async () => {
  const folder = makeFolder();
  const contents = await Promise.all(
    [writeIn(folder, 'a.csv', OLD), writeIn(folder, 'b.csv', OLD), writeIn(folder, 'a.tsv', OLD)].map(async (path) =>
      (await keep(path)).content?.(),
    ),
  );
  expect(contents[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(contents[1]).toBe(contents[0]);
  expect(contents[2]).not.toBe(contents[0]);
});

describe('while it is examined', () => {
  test.each([
    ['written over', (path: string) => writeFileSync(path, NEW), true],
    ['cut off', (path: string) => truncateSync(path, 10), true],
    ['appended to', (path: string) => appendFileSync(path, NEW), false],
  ])('%s', async (_, change, isRefused) => {
    const path = writeIn(makeFolder(), 'users.csv', OLD);
    const descriptor = openSync(path, 'r');
    let calls = 0;
    const stat = (file: number) => {
      if (++calls === 2) {
        change(path);
      }
      return fstatSync(file, { bigint: true });
    };
    try {
      const examining = examine(descriptor, 'users.csv', 'label', stat);
      if (isRefused) {
        await expect(examining).rejects.toMatchObject({
          code: 'source',
          message: expect.stringContaining('users.csv was changed while it was being examined.'),
        });
      } else {
        expect(contentOf(await examining)).toMatch(/^[0-9a-f]{64}$/);
      }
    } finally {
      closeSync(descriptor);
    }
  });
});

describe('a named pipe', () => {
  const pipeIn = (folder: string) => {
    const path = join(folder, 'users.csv');
    execFileSync('mkfifo', [path]);
    return path;
  };

  test('is read once, and as often as needed from its copy', async () => {
    const path = pipeIn(makeFolder());
    const keeping = keep(path);
    await writeFile(path, OLD);
    const source = await keeping;
    const records = await recordsOf(await source.open());
    expect([records.length, namesIn(records)]).toEqual([RECORDS, new Set(['Old'])]);
    expect(await recordsOf(await source.open())).toEqual(records);
  });

  test('that nothing writes to keeps no thread waiting, which would keep the process from ending', () => {
    const file = openFile(pipeIn(makeFolder()), 'users.csv');
    expect(file.size).toBeUndefined();
    streamOf(file).destroy();
  });
});
