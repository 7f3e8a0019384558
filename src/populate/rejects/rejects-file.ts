/** The rejects file of one database: written from the rejects in the database, and replaced atomically. */
import { constants, createReadStream } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { REJECT_START, type RejectContent, rejectLine } from '../../loads/reject-line.ts';
import { MeridianError, messageOf } from '../../shared/errors.ts';
import { createFile } from '../../shared/files/create-file.ts';

type Pages = AsyncIterable<readonly RejectContent[]>;

export interface PublishOptions {
  /** When aborted, nothing is replaced. */
  readonly signal?: AbortSignal | undefined;
  /** The {@link identityOf} of the loaded file: its records are processed, so it need not be kept. */
  readonly loaded?: string | undefined;
  /** Returns the name of the run that wrote a file with this modification time, as part of a file name. */
  readonly runOf?: (changedAt: Date) => Promise<string> | string;
}

export interface Published {
  /** The file to which the rejects of an earlier run were moved. */
  readonly kept?: string;
}

export class RejectsFile {
  /** The path of the file, which need not exist yet. */
  readonly path: string;
  readonly #part: string;
  readonly #directory: string;
  readonly #database: string;

  private constructor(directory: string, database: string) {
    this.path = join(directory, `${database}.ndjson`);
    this.#part = join(directory, `.${database}.ndjson.part`);
    this.#directory = directory;
    this.#database = database;
  }

  /** @throws MeridianError `directory` if nothing can be written there, `usage` if a file of that name is not a rejects file */
  static async prepare(directory: string, database: string): Promise<RejectsFile> {
    const file = new RejectsFile(directory, database);
    try {
      await mkdir(directory, { recursive: true });
      await (await createFile(file.#part)).close();
      await rm(file.#part);
    } catch (error) {
      throw new MeridianError(
        'directory',
        `Rejected records cannot be written to the directory ${directory}: ${messageOf(error)}.`,
        { cause: error },
      );
    }
    await refuseForeignFile(file.path);
    return file;
  }

  /** Whether `file` is the one that {@link publish} replaces. */
  async isFile(file: string | undefined): Promise<boolean> {
    const here = await identityOf(this.path);
    return file !== undefined && here !== undefined && here === (await identityOf(file));
  }

  /**
   * Atomically replaces the rejects of an earlier run. Those are kept under the name of their run, unless they have been loaded, or are the
   * same. A process that is killed meanwhile leaves the old file or the new one, and can be repeated.
   *
   * @param pages rejects in order of their numbers
   * @returns nothing if the signal was already aborted
   * @throws MeridianError `directory`
   */
  async publish(
    pages: Pages,
    { signal, loaded, runOf = fileNameOf }: PublishOptions = {},
  ): Promise<Published | undefined> {
    return this.#writing(this.path, async () => {
      await this.#writePart(pages, signal);
      if (signal?.aborted) {
        await rm(this.#part, { force: true });
        return undefined;
      }
      const kept = await this.#keepEarlier(loaded, runOf);
      await rename(this.#part, this.path);
      await syncDirectory(this.#directory);
      return kept === undefined ? {} : { kept };
    });
  }

  /**
   * Writes the rejects of an abandoned run to a file named after it.
   *
   * @param run the run as part of a file name
   * @returns the path of the file
   * @throws MeridianError `directory`
   */
  async publishAs(run: string, pages: Pages): Promise<string> {
    return this.#writing(this.#nameOf(run), async () => {
      await this.#writePart(pages);
      const path = await this.#freeName(run);
      await rename(this.#part, path);
      await syncDirectory(this.#directory);
      return path;
    });
  }

  /** The path of the rejects that were kept under the name of a run; nothing if there are none. */
  async keptOf(run: string): Promise<string | undefined> {
    const path = this.#nameOf(run);
    return (await lstat(path).catch(absentOr)) && path;
  }

  async #writePart(pages: Pages, signal?: AbortSignal): Promise<void> {
    const part = await createFile(this.#part);
    try {
      for await (const page of pages) {
        if (signal?.aborted) {
          return;
        }
        await part.appendFile(page.map(rejectLine).join(''));
      }
      await part.sync();
    } finally {
      await part.close();
    }
  }

  /** @returns the new path; nothing if there was nothing to keep */
  async #keepEarlier(
    loaded: string | undefined,
    runOf: (changedAt: Date) => Promise<string> | string,
  ): Promise<string | undefined> {
    const there = await lstat(this.path).catch(absentOr);
    if (there === undefined || there.isDirectory() || (there.isFile() && there.size === 0)) {
      return undefined;
    }
    const isLoaded = loaded !== undefined && loaded === (await identityOf(this.path));
    if (isLoaded || (there.isFile() && (await areSame(this.path, this.#part)))) {
      return undefined;
    }
    const kept = await this.#freeName(await runOf(there.mtime));
    await rename(this.path, kept);
    return kept;
  }

  #nameOf(run: string): string {
    return join(this.#directory, `${this.#database}.${run}.ndjson`);
  }

  async #freeName(run: string): Promise<string> {
    for (let count = 1; ; count++) {
      const name = this.#nameOf(count === 1 ? run : `${run}-${count}`);
      if ((await lstat(name).catch(absentOr)) === undefined) {
        return name;
      }
    }
  }

  async #writing<T>(path: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      await rm(this.#part, { force: true });
      throw error instanceof MeridianError
        ? error
        : new MeridianError('directory', `${path} cannot be replaced: ${messageOf(error)}.`, { cause: error });
    }
  }
}

/** A time as part of a file name: `2026-11-21T13-40-02.113Z`. */
export function fileNameOf(time: Date): string {
  return time.toISOString().replaceAll(':', '-');
}

/** Identifies a file under any of its names; nothing if it does not exist. @internal exported for tests */
export async function identityOf(path: string): Promise<string | undefined> {
  const stats = await stat(path, { bigint: true }).catch(absentOr);
  return stats && `${stats.dev}:${stats.ino}`;
}

function absentOr(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') {
    throw error;
  }
  return undefined;
}

async function areSame(path: string, other: string): Promise<boolean> {
  const [here, there] = [await stat(path), await stat(other)];
  if (here.size !== there.size) {
    return false;
  }
  const pieces = createReadStream(other)[Symbol.asyncIterator]();
  for await (const piece of createReadStream(path)) {
    const { value } = await pieces.next();
    if (!(piece as Buffer).equals((value as Buffer | undefined) ?? Buffer.alloc(0))) {
      return false;
    }
  }
  return true;
}

/** Makes a rename durable. Windows neither requires nor allows it, and some network file systems do not support it. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') {
    return;
  }
  const directory = await open(path);
  try {
    await directory.sync();
  } catch (error) {
    if (!['EINVAL', 'ENOTSUP'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      throw error;
    }
  } finally {
    await directory.close();
  }
}

/** Rejects a file of that name without rejects: it may be user data, even the source of this run. */
async function refuseForeignFile(path: string): Promise<void> {
  if (REJECT_START.startsWith(await startOf(path))) {
    return;
  }
  throw new MeridianError(
    'usage',
    `${path} is not a file of rejected records, so it is not replaced by one. Name another directory with --rejects.`,
  );
}

/** The characters that identify a rejects file; empty if there is no file. */
async function startOf(path: string): Promise<string> {
  let file: FileHandle | undefined;
  try {
    // does not wait for the writer of a named pipe
    file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(REJECT_START.length) });
    return bytesRead === 0 || bytesRead === REJECT_START.length ? buffer.toString('utf8', 0, bytesRead) : 'too short';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return '';
    }
    throw new MeridianError('directory', `${path} cannot be replaced: ${messageOf(error)}.`, { cause: error });
  } finally {
    await file?.close();
  }
}
