/** The rejects file: complete, replaced atomically, and never written over user data. */
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { RejectContent } from '../../../src/loads/reject-line.ts';
import { identityOf, type PublishOptions, RejectsFile } from '../../../src/populate/rejects/rejects-file.ts';
import { MeridianError } from '../../../src/shared/errors.ts';
import { makeFolder, writeIn } from '../../support/folder.ts';

const RECORD = { id: '1', name: 'a\u2028b\u2029c "d"' };
const ERRORS = [{ property: 'name', code: 'isNotEmpty', message: 'Name cannot be empty' }];

const rejectOf = (number: number): RejectContent => ({
  number,
  file: null,
  line: number + 1,
  record: JSON.stringify(RECORD),
  errors: JSON.stringify(ERRORS),
});

/** A line of the run before. */
const OLD = '{"number":9,"line":10,"record":{},"errors":[]}\n';

async function* pagesOf(...pages: number[][]): AsyncGenerator<RejectContent[]> {
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

  describe('over the rejects of an earlier run', () => {
    const runOf = () => 'before';

    async function publishedOver(text: string, pages = pagesOf([1]), options: PublishOptions = { runOf }) {
      const folder = makeFolder();
      const path = writeIn(folder, 'users.ndjson', text);
      const rejects = await RejectsFile.prepare(folder, 'users');
      const published = await rejects.publish(pages, options);
      return { folder, path, rejects, published };
    }

    test.each([[[1]], [[]]])('keeps them under the name of their run: %j', async (numbers) => {
      const { folder, path, published } = await publishedOver(OLD, pagesOf(numbers));
      const kept = join(folder, 'users.before.ndjson');
      expect(published).toEqual({ kept });
      expect(readFileSync(kept, 'utf8')).toBe(OLD);
      expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(numbers.length + 1);
      expect(readdirSync(folder).sort()).toEqual(['users.before.ndjson', 'users.ndjson']);
    });

    test('keeps them beside others of that name', async () => {
      const { folder, rejects, published } = await publishedOver(OLD);
      const again = await rejects.publish(pagesOf([2]), { runOf });
      expect([published, again]).toEqual([
        { kept: join(folder, 'users.before.ndjson') },
        { kept: join(folder, 'users.before-2.ndjson') },
      ]);
    });

    test('asks for the run that wrote them when they were last changed', async () => {
      const asked: Date[] = [];
      const folder = makeFolder();
      const old = writeIn(folder, 'users.ndjson', OLD);
      const time = new Date('2026-11-21T13:40:02.000Z');
      utimesSync(old, time, time);
      const rejects = await RejectsFile.prepare(folder, 'users');
      await rejects.publish(pagesOf([1]), { runOf: (changedAt) => String(asked.push(changedAt)) });
      expect(asked).toEqual([time]);
      utimesSync(old, time, time);
      await rejects.publish(pagesOf([2]));
      expect(readdirSync(folder)).toContain('users.2026-11-21T13-40-02.000Z.ndjson');
    });

    test('keeps none that are the same, or empty', async () => {
      const { folder, rejects } = await publishedOver('');
      expect(await rejects.publish(pagesOf([1]), { runOf })).toEqual({});
      expect(readdirSync(folder)).toEqual(['users.ndjson']);
    });

    test('keeps none that were loaded', async () => {
      const folder = makeFolder();
      const path = writeIn(folder, 'users.ndjson', OLD);
      const rejects = await RejectsFile.prepare(folder, 'users');
      expect(await rejects.publish(pagesOf([1]), { runOf, loaded: await identityOf(path) })).toEqual({});
      expect(readdirSync(folder)).toEqual(['users.ndjson']);
    });

    test('keeps a link to them as a link, and writes through none', async () => {
      const [folder, elsewhere] = [makeFolder(), makeFolder()];
      const target = writeIn(elsewhere, 'mine.ndjson', OLD);
      symlinkSync(target, join(folder, 'users.ndjson'));
      const rejects = await RejectsFile.prepare(folder, 'users');
      const published = await rejects.publish(pagesOf([1]), { runOf });
      expect(readlinkSync(published?.kept ?? '')).toBe(target);
      expect(readFileSync(target, 'utf8')).toBe(OLD);
      expect(lstatSync(rejects.path).isFile()).toBe(true);
    });

    test('changes nothing once the signal is aborted', async () => {
      const { folder, path, published } = await publishedOver(OLD, pagesOf([1]), {
        runOf,
        signal: AbortSignal.abort(),
      });
      expect(published).toBeUndefined();
      expect(readFileSync(path, 'utf8')).toBe(OLD);
      expect(readdirSync(folder)).toEqual(['users.ndjson']);
    });
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

describe('publishAs', () => {
  test('writes the rejects under the name of a run, beside all others', async () => {
    const folder = makeFolder();
    const old = writeIn(folder, 'users.ndjson', OLD);
    const rejects = await RejectsFile.prepare(folder, 'users');
    expect(await rejects.publishAs('run', pagesOf([1]))).toBe(join(folder, 'users.run.ndjson'));
    expect(await rejects.publishAs('run', pagesOf([2]))).toBe(join(folder, 'users.run-2.ndjson'));
    expect(readFileSync(join(folder, 'users.run-2.ndjson'), 'utf8')).toMatch(/^\{"number":2,.*\n$/);
    expect(readFileSync(old, 'utf8')).toBe(OLD);
    expect(readdirSync(folder)).toHaveLength(3);
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
