/** Files that the program makes: never what a symbolic link leads to, never over something that appeared meanwhile. */
import {
  closeSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { createFile, nameFile, openForAppending } from '../../../src/shared/files/create-file.ts';
import { makeFolder, writeIn } from '../../support/folder.ts';

const read = (path: string) => readFileSync(path, 'utf8');

/** A file of another user, and a link to it at the path that the program wants to write. */
function planted(): { folder: string; victim: string; path: string } {
  const folder = makeFolder();
  const victim = writeIn(folder, 'victim', 'precious');
  const path = join(folder, 'file');
  symlinkSync(victim, path);
  return { folder, victim, path };
}

async function writeNew(path: string): Promise<void> {
  const file = await createFile(path);
  await file.writeFile('new');
  await file.close();
}

describe('createFile', () => {
  test('replaces a link, and leaves what it leads to', async () => {
    const { victim, path } = planted();
    await writeNew(path);
    expect([read(victim), read(path), lstatSync(path).isSymbolicLink()]).toEqual(['precious', 'new', false]);
  });

  test('replaces one of several names, and leaves the file', async () => {
    const folder = makeFolder();
    const victim = writeIn(folder, 'victim', 'precious');
    linkSync(victim, join(folder, 'file'));
    await writeNew(join(folder, 'file'));
    expect(read(victim)).toBe('precious');
  });

  test('creates nothing at the target of a dangling link', async () => {
    const folder = makeFolder();
    symlinkSync(join(folder, 'nowhere'), join(folder, 'file'));
    await writeNew(join(folder, 'file'));
    expect(readdirSync(folder)).toEqual(['file']);
  });

  test('replaces no directory', async () => {
    const folder = makeFolder();
    mkdirSync(join(folder, 'file'));
    await expect(createFile(join(folder, 'file'))).rejects.toThrow(/directory/i);
  });
});

describe('openForAppending', () => {
  const append = (path: string) => {
    const file = openForAppending(path);
    writeSync(file, 'more');
    closeSync(file);
  };

  test('makes a file, and goes on at its end', () => {
    const path = join(makeFolder(), 'file');
    append(path);
    append(path);
    expect(read(path)).toBe('moremore');
  });

  test('refuses a link to a file, and one to nothing', () => {
    const { folder, victim, path } = planted();
    expect(() => append(path)).toThrow('it is not a regular file, and a symbolic link is followed only to a device');
    expect(read(victim)).toBe('precious');
    symlinkSync(join(folder, 'nowhere'), join(folder, 'dangling'));
    expect(() => append(join(folder, 'dangling'))).toThrow(/ENOENT/);
    expect(existsSync(join(folder, 'nowhere'))).toBe(false);
  });

  test('follows a link to a device', () => {
    const path = join(makeFolder(), 'file');
    symlinkSync('/dev/null', path);
    append(path);
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
  });
});

describe('nameFile', () => {
  test('gives a whole file its name', async () => {
    const folder = makeFolder();
    expect(await nameFile(writeIn(folder, 'part', 'new'), join(folder, 'file'))).toBe(true);
    expect([readdirSync(folder), read(join(folder, 'file'))]).toEqual([['file'], 'new']);
  });

  test('leaves what has that name, a link as well', async () => {
    const { folder, victim, path } = planted();
    const part = writeIn(folder, 'part', 'new');
    expect(await nameFile(part, path)).toBe(false);
    expect(await nameFile(part, victim)).toBe(false);
    expect([read(victim), read(part)]).toEqual(['precious', 'new']);
  });
});
