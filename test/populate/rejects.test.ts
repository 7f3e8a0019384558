/** The rejects file: whole, in place of the old one in one step, and never over somebody else's data. */
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { RunRejectRow } from '../../src/databases/run-tables.ts';
import { MeridianError } from '../../src/errors.ts';
import { RejectsFile } from '../../src/populate/rejects.ts';
import { makeFolder, writeIn } from '../support/folder.ts';

const RECORD = { id: '1', name: 'a\u2028b\u2029c "d"' };
const ERRORS = [{ property: 'name', code: 'isNotEmpty', message: 'Name cannot be empty' }];

const rejectOf = (number: number): RunRejectRow => ({
  number,
  line: number + 1,
  record: JSON.stringify(RECORD),
  errors: JSON.stringify(ERRORS),
});

/** A line of the run before. */
const OLD = '{"number":9,"line":10,"record":{},"errors":[]}\n';

async function* pagesOf(...pages: number[][]): AsyncGenerator<RunRejectRow[]> {
  for (const page of pages) {
    yield page.map(rejectOf);
  }
}

describe('publish', () => {
  test('makes the directory and the file, a line each', async () => {
    const folder = join(makeFolder(), 'a', 'b');
    const rejects = await RejectsFile.prepare(folder, 'users');
    await rejects.publish(pagesOf([1, 2], [5]));
    expect(rejects.path).toBe(join(folder, 'users.ndjson'));
    const text = readFileSync(rejects.path, 'utf8');
    expect(
      text
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
    ).toEqual([1, 2, 5].map((number) => ({ number, line: number + 1, record: RECORD, errors: ERRORS })));
    // which some readers of lines take for line ends
    expect(text).not.toMatch(/[\u2028\u2029]/);
    expect(readdirSync(folder)).toEqual(['users.ndjson']);
  });

  test('makes an empty file where nothing was rejected', async () => {
    const folder = makeFolder();
    writeIn(folder, 'users.ndjson', OLD);
    await (await RejectsFile.prepare(folder, 'users')).publish(pagesOf());
    expect(readFileSync(join(folder, 'users.ndjson'), 'utf8')).toBe('');
    expect(readdirSync(folder)).toEqual(['users.ndjson']);
  });

  test('leaves the old file whole until the new one is', async () => {
    const folder = makeFolder();
    const old = writeIn(folder, 'users.ndjson', OLD);
    const rejects = await RejectsFile.prepare(folder, 'users');
    await rejects.publish(
      (async function* () {
        yield* pagesOf([1]);
        expect(readFileSync(old, 'utf8')).toBe(OLD);
      })(),
    );
    expect(readFileSync(old, 'utf8')).toMatch(/^\{"number":1,.*\n$/);
  });

  test('leaves the old file, and nothing else, when the rejects cannot be read', async () => {
    const folder = makeFolder();
    const old = writeIn(folder, 'users.ndjson', OLD);
    const rejects = await RejectsFile.prepare(folder, 'users');
    const gone = new MeridianError('database', 'users: the database is gone.');
    const broken = (async function* () {
      yield* pagesOf([1]);
      throw gone;
    })();
    await expect(rejects.publish(broken)).rejects.toBe(gone);
    expect(readFileSync(old, 'utf8')).toBe(OLD);
    expect(readdirSync(folder)).toEqual(['users.ndjson']);
  });

  test('takes away what a killed process had begun', async () => {
    const folder = makeFolder();
    writeIn(folder, '.users.ndjson.part', '{"number":1,"li');
    const rejects = await RejectsFile.prepare(folder, 'users');
    expect(readdirSync(folder)).toEqual([]);
    await rejects.publish(pagesOf([2]));
    expect(readdirSync(folder)).toEqual(['users.ndjson']);
  });

  test('says so when a directory has taken its name', async () => {
    const folder = makeFolder();
    const rejects = await RejectsFile.prepare(folder, 'users');
    mkdirSync(rejects.path);
    await expect(rejects.publish(pagesOf([1]))).rejects.toMatchObject({
      code: 'directory',
      message: expect.stringContaining(`${rejects.path} cannot be replaced: `),
    });
    expect(readdirSync(folder)).toEqual(['users.ndjson']);
  });
});

describe('prepare refuses', () => {
  test('a directory that is a file', async () => {
    const path = writeIn(makeFolder(), 'rejects', 'a file');
    await expect(RejectsFile.prepare(path, 'users')).rejects.toMatchObject({
      code: 'directory',
      message: expect.stringContaining(`Rejected records cannot be written to the directory ${path}: `),
    });
    expect(readFileSync(path, 'utf8')).toBe('a file');
  });

  test.each(['.users.ndjson.part', 'users.ndjson'])('a directory in place of %s', async (name) => {
    const folder = makeFolder();
    mkdirSync(join(folder, name));
    await expect(RejectsFile.prepare(folder, 'users')).rejects.toMatchObject({ code: 'directory' });
    expect(readdirSync(folder)).toEqual([name]);
  });

  test.each([
    ['records', '{"id":1}\n'],
    ['something else', 'a'],
    ['the beginning of a reject and no more', '{"num'],
  ])('a file of that name that holds %s', async (_what, content) => {
    const folder = makeFolder();
    const file = writeIn(folder, 'users.ndjson', content);
    await expect(RejectsFile.prepare(folder, 'users')).rejects.toMatchObject({
      code: 'usage',
      message: `${file} is not a file of rejected records, so it is not replaced by one. Name another directory with --rejects.`,
    });
    expect(readFileSync(file, 'utf8')).toBe(content);
  });
});

describe('isFile', () => {
  test('knows the file that it replaces, under any name', async () => {
    const folder = makeFolder();
    const old = writeIn(folder, 'users.ndjson', OLD);
    const other = writeIn(folder, 'other.ndjson', OLD);
    const link = join(folder, 'link.ndjson');
    symlinkSync(old, link);
    const rejects = await RejectsFile.prepare(folder, 'users');
    const names = [
      old,
      link,
      join(folder, 'x', '..', 'users.ndjson'),
      other,
      join(folder, 'missing.ndjson'),
      undefined,
    ];
    expect(await Promise.all(names.map((name) => rejects.isFile(name)))).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  test('is false while there is no such file', async () => {
    const rejects = await RejectsFile.prepare(makeFolder(), 'users');
    expect(existsSync(rejects.path)).toBe(false);
    expect(await rejects.isFile(rejects.path)).toBe(false);
  });
});
