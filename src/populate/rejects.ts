/** The rejects file of one database: written anew from what the database keeps, and put in its place in one step. */
import { existsSync } from 'node:fs';
import { type FileHandle, mkdir, open, realpath, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { createFile } from '../create-file.ts';
import type { RunRejectRow } from '../databases/run-tables.ts';
import { MeridianError, messageOf } from '../errors.ts';

/** How every line of a rejects file starts. */
const REJECT_START = '{"number":';

export class RejectsFile {
  /** Where the file is, or will be. */
  readonly path: string;
  readonly #part: string;

  private constructor(directory: string, database: string) {
    this.path = join(directory, `${database}.ndjson`);
    this.#part = join(directory, `.${database}.ndjson.part`);
  }

  /**
   * @throws MeridianError `directory` when nothing can be written there, `usage` when a file of that name is something
   *   else than rejects
   */
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
    const [here, there] = await Promise.all(
      [this.path, file].map((path) => (path === undefined ? undefined : realpath(path).catch(() => undefined))),
    );
    return here !== undefined && here === there;
  }

  /**
   * Replaces the rejects file of the run before, in one step. A process that is killed over it leaves the old file or the
   * new one, and may do it again.
   *
   * @param pages rejects in the order of their numbers
   * @param signal when aborted, nothing is replaced
   * @returns whether it was replaced
   * @throws MeridianError `directory`
   */
  async publish(pages: AsyncIterable<readonly RunRejectRow[]>, signal?: AbortSignal): Promise<boolean> {
    let part: FileHandle | undefined;
    try {
      part = await createFile(this.#part);
      for await (const page of pages) {
        if (signal?.aborted) {
          break;
        }
        await part.appendFile(page.map(toLine).join(''));
      }
      await part.sync();
      await part.close();
      if (signal?.aborted) {
        await rm(this.#part, { force: true });
        return false;
      }
      await rename(this.#part, this.path);
      await syncDirectory(dirname(this.path));
      return true;
    } catch (error) {
      await part?.close().catch(() => undefined);
      await rm(this.#part, { force: true });
      if (error instanceof MeridianError) {
        throw error;
      }
      throw new MeridianError('directory', `${this.path} cannot be replaced: ${messageOf(error)}.`, { cause: error });
    }
  }
}

/** Makes a new name last over a power cut. Windows neither needs nor allows it, and some network file systems cannot. */
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

/** `record` and `errors` are JSON already, which may hold two characters that line readers, Node's too, take for line ends. */
function toLine({ number, line, record, errors }: RunRejectRow): string {
  const json = `${REJECT_START}${number},"line":${line},"record":${record},"errors":${errors}}\n`;
  return json.replace(/[\u2028\u2029]/g, (character) => (character === '\u2028' ? '\\u2028' : '\\u2029'));
}

/** A file of that name that is no rejects file is somebody's data, perhaps the very source of this run. */
async function refuseForeignFile(path: string): Promise<void> {
  if (REJECT_START.startsWith(await startOf(path))) {
    return;
  }
  throw new MeridianError(
    'usage',
    `${path} is not a file of rejected records, so it is not replaced by one. Name another directory with --rejects.`,
  );
}

/** As many characters as are needed to know a rejects file; none when there is no file. */
async function startOf(path: string): Promise<string> {
  if (!existsSync(path)) {
    return '';
  }
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(REJECT_START.length) });
    return bytesRead === 0 || bytesRead === REJECT_START.length ? buffer.toString('utf8', 0, bytesRead) : 'too short';
  } catch (error) {
    throw new MeridianError('directory', `${path} cannot be replaced: ${messageOf(error)}.`, { cause: error });
  } finally {
    await file?.close();
  }
}
