/** Temporary folders go with their processes: those of killed ones, and no others, are removed by the next that makes one. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { makeTemporaryFolder } from '../../../src/shared/files/temporary-folder.ts';
import { replaceEnvironment } from '../../support/environment.ts';
import { makeFolder } from '../../support/folder.ts';

const MODULE = pathToFileURL(
  join(import.meta.dirname, '..', '..', '..', 'src', 'shared', 'files', 'temporary-folder.js'),
).href;
const UUID = '01234567-89ab-cdef-0123-456789abcdef';

let place: string;
let restore: () => void;

beforeEach(() => {
  place = makeFolder();
  restore = replaceEnvironment({ ...process.env, TMPDIR: place });
});

afterEach(() => restore());

/** Makes a folder with a file in it, in a process that ends in this way. */
function processThat(end: string): void {
  const script = `
    const { writeFileSync } = await import('node:fs');
    const { path } = await (await import('${MODULE}')).makeTemporaryFolder('test');
    writeFileSync(path + '/file', 'text');
    ${end}`;
  const { stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(stderr).toBe('');
}

test('a folder of a process that was killed is removed by the next', async () => {
  processThat("process.kill(process.pid, 'SIGKILL')");
  expect(readdirSync(place)).toHaveLength(1);
  const folder = await makeTemporaryFolder('test');
  expect(readdirSync(place).map((name) => join(place, name))).toEqual([folder.path]);
  await folder.remove();
  expect(readdirSync(place)).toEqual([]);
});

test('a process that exits removes its own', () => {
  processThat('process.exit(1)');
  expect(readdirSync(place)).toEqual([]);
});

test('those in use stay, those of this process included, and one that is kept', async () => {
  const kept = await makeTemporaryFolder('test');
  writeFileSync(join(kept.path, 'file'), 'text');
  kept.keep();
  const used = await makeTemporaryFolder('test');
  processThat('process.exit()');
  const next = await makeTemporaryFolder('test');
  expect(
    readdirSync(place)
      .map((name) => join(place, name))
      .sort(),
  ).toEqual([kept.path, used.path, next.path].sort());
  expect(readdirSync(kept.path)).toEqual(['file']);
  await used.remove();
  await next.remove();
});

test('one whose process was killed before it could write its name into it is removed, and nothing that only has such a name', async () => {
  mkdirSync(join(place, `meridian-test-${UUID}`));
  const others = [`meridian-test-${UUID}s`, 'meridian-backup'];
  for (const other of others) {
    mkdirSync(join(place, other));
    writeFileSync(join(place, other, 'owner'), '');
  }
  const elsewhere = join(place, 'elsewhere');
  mkdirSync(elsewhere);
  writeFileSync(join(elsewhere, 'owner'), '');
  symlinkSync(elsewhere, join(place, `meridian-link-${UUID}`));
  await (await makeTemporaryFolder('test')).remove();
  expect(readdirSync(place).sort()).toEqual([...others, 'elsewhere', `meridian-link-${UUID}`].sort());
  expect(existsSync(join(elsewhere, 'owner'))).toBe(true);
});

test('one of a process of another machine or container stays, and one of a process that had the same id is removed', async () => {
  const folders = [await makeTemporaryFolder('test'), await makeTemporaryFolder('test')];
  const [foreign, earlier] = folders.map(({ path }) => join(path, 'owner'));
  const owner = JSON.parse(readFileSync(String(foreign), 'utf8'));
  writeFileSync(String(foreign), JSON.stringify({ ...owner, space: 'elsewhere', pid: 2 ** 30 }));
  writeFileSync(String(earlier), JSON.stringify({ ...owner, start: `${owner.start}0` }));
  const next = await makeTemporaryFolder('test');
  expect(folders.map(({ path }) => existsSync(path))).toEqual([true, process.platform !== 'linux']);
  for (const folder of [...folders, next]) {
    await folder.remove();
  }
});

test('where none can be made, it says where and what to do', async () => {
  const gone = join(place, 'gone');
  process.env['TMPDIR'] = gone;
  await expect(makeTemporaryFolder('test')).rejects.toMatchObject({
    code: 'directory',
    message: expect.stringMatching(
      `^No folder for temporary files can be made in ${gone} \\(ENOENT.*\\)\\. Name another place with TMPDIR\\.$`,
    ),
  });
});
