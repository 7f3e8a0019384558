/** The rejects file: in order, whole, and in place of the old one only at the end. */
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Reject, Rejects } from '../../src/populate/rejects.ts';
import { makeFolder, writeIn } from '../support/folder.ts';

const rejectOf = (number: number): Reject => ({
  number,
  line: number + 1,
  record: { id: String(number), name: 'a\u2028b' },
  errors: [{ property: 'name', code: 'isNotEmpty', message: 'Name cannot be empty' }],
});

/** A line of the run before. */
const OLD = '{"number":9,"line":10,"record":{},"errors":[]}\n';

const published = (folder: string, database = 'users'): Reject[] =>
  readFileSync(join(folder, `${database}.ndjson`), 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));

describe('publish', () => {
  test('makes the directory and the file', async () => {
    const folder = join(makeFolder(), 'a', 'b');
    const rejects = await Rejects.create(folder, 'users');
    await rejects.add([rejectOf(1), rejectOf(2)]);
    await rejects.add([rejectOf(5)]);
    await rejects.publish();
    expect(rejects.path).toBe(join(folder, 'users.ndjson'));
    expect(published(folder)).toEqual([1, 2, 5].map(rejectOf));
    expect(readdirSync(folder)).toEqual(['users.ndjson']);
  });

  test('makes an empty file where nothing was rejected', async () => {
    const folder = makeFolder();
    writeIn(folder, 'users.ndjson', OLD);
    await (await Rejects.create(folder, 'users')).publish();
    expect(readFileSync(join(folder, 'users.ndjson'), 'utf8')).toBe('');
    expect(readdirSync(folder)).toEqual(['users.ndjson']);
  });

  test('replaces the old file, which is whole until then', async () => {
    const folder = makeFolder();
    writeIn(folder, 'users.ndjson', OLD);
    const rejects = await Rejects.create(folder, 'users');
    await rejects.add([rejectOf(1)]);
    await rejects.addLate([rejectOf(2)]);
    expect(readFileSync(rejects.path, 'utf8')).toBe(OLD);
    await rejects.publish();
    expect(published(folder)).toEqual([1, 2].map(rejectOf));
    expect(readdirSync(folder)).toEqual(['users.ndjson']);
  });

  test('of one database leaves the files of others alone', async () => {
    const folder = makeFolder();
    const [users, orders] = [await Rejects.create(folder, 'users'), await Rejects.create(folder, 'orders')];
    await Promise.all([users.add([rejectOf(1)]), orders.add([rejectOf(2)])]);
    await Promise.all([users.publish(), orders.publish()]);
    expect([published(folder), published(folder, 'orders')]).toEqual([[rejectOf(1)], [rejectOf(2)]]);
  });

  test.each([
    ['before all others', [3, 4], [1, 2]],
    ['after all others', [1, 2], [3, 4]],
    ['in between', [1, 3, 5, 9], [2, 4, 8]],
    ['alone', [], [1, 2]],
  ])('puts late rejects in order: %s', async (_what, found, late) => {
    const folder = makeFolder();
    const rejects = await Rejects.create(folder, 'users');
    await rejects.add(found.map(rejectOf));
    await rejects.addLate(late.map(rejectOf));
    await rejects.publish();
    expect(published(folder).map(({ number }) => number)).toEqual([...found, ...late].sort((a, b) => a - b));
    expect(readdirSync(folder)).toEqual(['users.ndjson']);
  });

  test('puts any rejects in order, also more than are merged at a time', async () => {
    const folder = makeFolder();
    const flags = fc.array(fc.constantFrom('found', 'late', 'accepted'), { maxLength: 3000, size: 'max' });
    await fc.assert(
      fc.asyncProperty(flags, async (kinds) => {
        const numbered = (kind: string) => kinds.flatMap((each, index) => (each === kind ? [index + 1] : []));
        const rejects = await Rejects.create(folder, 'users');
        await rejects.add(numbered('found').map(rejectOf));
        await rejects.addLate(numbered('late').map(rejectOf));
        await rejects.publish();
        const expected = [...numbered('found'), ...numbered('late')].sort((a, b) => a - b);
        expect(published(folder).map(({ number }) => number)).toEqual(expected);
      }),
      { numRuns: 15 },
    );
  });
});

describe('discard', () => {
  test('leaves the old file, and nothing else', async () => {
    const folder = makeFolder();
    writeIn(folder, 'users.ndjson', OLD);
    const rejects = await Rejects.create(folder, 'users');
    await rejects.add([rejectOf(1)]);
    await rejects.addLate([rejectOf(2)]);
    await rejects.discard();
    expect(readdirSync(folder)).toEqual(['users.ndjson']);
    expect(readFileSync(rejects.path, 'utf8')).toBe(OLD);
  });

  test.each([[[]], [[rejectOf(2)]]])('after publish takes nothing back (late: %j)', async (late) => {
    const folder = makeFolder();
    const rejects = await Rejects.create(folder, 'users');
    await rejects.add([rejectOf(1)]);
    await rejects.addLate(late);
    await rejects.publish();
    await rejects.discard();
    expect(published(folder)).toEqual([rejectOf(1), ...late]);
  });
});

test('late rejects of several rounds are put in order as well', async () => {
  const folder = makeFolder();
  const rejects = await Rejects.create(folder, 'users');
  await rejects.add([rejectOf(4)]);
  for (const round of [[2, 7], [1, 5], [3]]) {
    rejects.startLateRound();
    await rejects.addLate(round.map(rejectOf));
  }
  await rejects.publish();
  expect(published(folder)).toEqual([1, 2, 3, 4, 5, 7].map(rejectOf));
  expect(readdirSync(folder)).toEqual(['users.ndjson']);
});

describe('a directory that cannot be written', () => {
  test('because it is a file', async () => {
    const path = writeIn(makeFolder(), 'rejects', 'a file');
    await expect(Rejects.create(path, 'users')).rejects.toMatchObject({
      code: 'directory',
      message: expect.stringMatching(/^The rejects directory .+rejects cannot be made: .+\.$/),
    });
    expect(readFileSync(path, 'utf8')).toBe('a file');
  });

  test('because something stands where the unfinished file would be', async () => {
    const folder = makeFolder();
    const inTheWay = `.users.${process.pid}.part`;
    mkdirSync(join(folder, inTheWay));
    await expect(Rejects.create(folder, 'users')).rejects.toMatchObject({
      code: 'directory',
      message: expect.stringMatching(/cannot be written: .+\.$/),
    });
    expect(readdirSync(folder)).toEqual([inTheWay]);
  });

  test('because a directory has had the name of the rejects file all along', async () => {
    const folder = makeFolder();
    mkdirSync(join(folder, 'users.ndjson'));
    await expect(Rejects.create(folder, 'users')).rejects.toMatchObject({ code: 'directory' });
    expect(readdirSync(folder)).toEqual(['users.ndjson']);
  });

  test.each([
    ['records', '{"id":1}\n'],
    ['something else', 'a'],
  ])('because a file of that name holds %s, not rejects', async (_what, content) => {
    const folder = makeFolder();
    const file = writeIn(folder, 'users.ndjson', content);
    await expect(Rejects.create(folder, 'users')).rejects.toMatchObject({
      code: 'usage',
      message: `${file} is not a file of rejected records, so it is not replaced by one. Name another directory with --rejects.`,
    });
    expect(readFileSync(file, 'utf8')).toBe(content);
  });

  test('because a directory has the name of the rejects file', async () => {
    const folder = makeFolder();
    const rejects = await Rejects.create(folder, 'users');
    mkdirSync(join(folder, 'users.ndjson'));
    await expect(rejects.publish()).rejects.toMatchObject({ code: 'directory' });
    await rejects.discard();
    expect(readdirSync(folder)).toEqual(['users.ndjson']);
  });
});

describe('isFile', () => {
  test('knows the file that it replaces, under any name', async () => {
    const folder = makeFolder();
    const old = writeIn(folder, 'users.ndjson', OLD);
    const other = writeIn(folder, 'other.ndjson', OLD);
    const link = join(folder, 'link.ndjson');
    symlinkSync(old, link);
    const rejects = await Rejects.create(folder, 'users');
    const names = [old, link, join(folder, 'x', '..', 'users.ndjson'), other, join(folder, 'missing.ndjson')];
    expect(await Promise.all(names.map((name) => rejects.isFile(name)))).toEqual([true, true, true, false, false]);
    await rejects.discard();
  });

  test('is false while there is no such file', async () => {
    const rejects = await Rejects.create(makeFolder(), 'users');
    expect(existsSync(rejects.path)).toBe(false);
    expect(await rejects.isFile(rejects.path)).toBe(false);
    await rejects.discard();
  });
});
