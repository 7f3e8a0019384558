/**
 * Folders for temporary files, which are removed when the process exits. Each contains a file that names its process: the folders of a
 * process that was killed are removed when another process makes a folder.
 */
import { lstatSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { MeridianError, messageOf } from '../errors.ts';
import { newId } from '../ids.ts';
import { hasEnded, type Owner, parseOwner, thisProcess } from './owner.ts';

const OWNER = 'owner';
const NAME = /^meridian-[a-z]+-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const ALL = { recursive: true, force: true } as const;

export interface TemporaryFolder {
  readonly path: string;
  /** Leaves the folder and its files to the user. It must not be empty. */
  keep(): void;
  remove(): Promise<void>;
}

/**
 * @param purpose part of the folder's name
 * @throws MeridianError `directory`
 */
export async function makeTemporaryFolder(purpose: string): Promise<TemporaryFolder> {
  await removeAbandoned();
  for (;;) {
    const path = join(tmpdir(), `meridian-${purpose}-${newId()}`);
    explained(() => mkdirSync(path, { mode: 0o700 }));
    // while it is empty, another process may consider it abandoned and remove it
    if (explained(() => writeOwner(path))) {
      return owned(path);
    }
  }
}

function owned(path: string): TemporaryFolder {
  // an interrupted command exits at once, without running asynchronous work
  const removeNow = () => rmSync(path, ALL);
  process.once('exit', removeNow);
  return {
    path,
    keep() {
      process.off('exit', removeNow);
      rmSync(join(path, OWNER));
    },
    async remove() {
      process.off('exit', removeNow);
      await rm(path, ALL);
    },
  };
}

/** @returns whether the folder still existed */
function writeOwner(folder: string): boolean {
  const owner = JSON.stringify(thisProcess());
  return (
    unlessChanged(() => {
      writeFileSync(join(folder, OWNER), owner, { flag: 'wx' });
      return true;
    }) ?? false
  );
}

/** @returns nothing for a folder that was kept, or that another process has just created or removed */
function ownerOf(folder: string): Owner | undefined {
  return parseOwner(unlessChanged(() => readFileSync(join(folder, OWNER), 'utf8')) ?? '');
}

async function removeAbandoned(): Promise<void> {
  const names = explained(() => readdirSync(tmpdir()));
  for (const name of names.filter((one) => NAME.test(one))) {
    const folder = join(tmpdir(), name);
    try {
      await removeIfAbandoned(folder);
    } catch (error) {
      throw new MeridianError(
        'directory',
        `The folder ${folder}, which a process that was killed has left behind, cannot be removed (${messageOf(error)}). Remove it.`,
        { cause: error },
      );
    }
  }
}

async function removeIfAbandoned(folder: string): Promise<void> {
  if (!isOurs(folder)) {
    return;
  }
  if (isEmpty(folder)) {
    removeEmpty(folder);
    return;
  }
  const owner = ownerOf(folder);
  if (owner === undefined || !hasEnded(owner)) {
    return;
  }
  try {
    await rm(folder, ALL);
  } catch (error) {
    if (!isChange(error)) {
      throw error;
    }
  }
}

/** Whether it is a directory of this user: other users may have put anything there. */
function isOurs(folder: string): boolean {
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  return stats?.isDirectory() === true && (process.getuid === undefined || stats.uid === process.getuid());
}

function isEmpty(folder: string): boolean {
  return unlessChanged(() => readdirSync(folder).length === 0) ?? false;
}

function removeEmpty(folder: string): void {
  unlessChanged(() => rmdirSync(folder));
}

/** Ignores errors from a change by another process, its owner or one that removes abandoned folders. */
function unlessChanged<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (isChange(error)) {
      return undefined;
    }
    throw error;
  }
}

function isChange(error: unknown): boolean {
  return ['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '');
}

function explained<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new MeridianError(
      'directory',
      `No folder for temporary files can be made in ${tmpdir()} (${messageOf(error)}). Name another place with TMPDIR.`,
      { cause: error },
    );
  }
}
