/**
 * Folders for temporary files, which go with the process. What a process that was killed has left behind is removed by the next one that
 * makes a folder: a file in each names the process that it belongs to.
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
  /** Leaves it and what is in it to the user. It must not be empty. */
  keep(): void;
  remove(): Promise<void>;
}

/**
 * @param purpose a part of its name
 * @throws MeridianError `directory`
 */
export async function makeTemporaryFolder(purpose: string): Promise<TemporaryFolder> {
  await removeAbandoned();
  for (;;) {
    const path = join(tmpdir(), `meridian-${purpose}-${newId()}`);
    explained(() => mkdirSync(path, { mode: 0o700 }));
    // as long as it is empty, another process may take it for abandoned
    if (explained(() => writeOwner(path))) {
      return owned(path);
    }
  }
}

function owned(path: string): TemporaryFolder {
  // an interrupted command leaves at once, and nothing that is awaited happens any more
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

/** @returns whether the folder was still there */
function writeOwner(folder: string): boolean {
  const owner = JSON.stringify(thisProcess());
  return (
    unlessChanged(() => {
      writeFileSync(join(folder, OWNER), owner, { flag: 'wx' });
      return true;
    }) ?? false
  );
}

/** @returns nothing for a folder that was kept, or that another process has just made or removed */
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

/** Other users may put anything there. */
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

/** Its process, or another one that removes what is abandoned, may be a little faster. */
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
