/** A file of JSON lines that a run writes in order and reads again. */
import { type FileHandle, open, rm } from 'node:fs/promises';
import { MeridianError, messageOf } from '../errors.ts';

export class LinesFile {
  readonly path: string;
  readonly #handle: FileHandle;

  private constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.#handle = handle;
  }

  /** @throws MeridianError `directory` when the file cannot be made */
  static async create(path: string): Promise<LinesFile> {
    try {
      return new LinesFile(path, await open(path, 'w+'));
    } catch (error) {
      throw new MeridianError('directory', `${path} cannot be written: ${messageOf(error)}.`, { cause: error });
    }
  }

  /** Opens a file that is there already, to read it. @throws MeridianError `directory` when it cannot be opened */
  static async open(path: string): Promise<LinesFile> {
    try {
      return new LinesFile(path, await open(path, 'r'));
    } catch (error) {
      throw new MeridianError('directory', `${path} cannot be read: ${messageOf(error)}.`, { cause: error });
    }
  }

  /** @throws MeridianError `directory`, for example when the disk is full */
  async append(values: readonly unknown[]): Promise<void> {
    if (values.length === 0) {
      return;
    }
    try {
      await this.#handle.appendFile(values.map(toLine).join(''));
    } catch (error) {
      throw new MeridianError('directory', `${this.path} cannot be written: ${messageOf(error)}.`, { cause: error });
    }
  }

  /**
   * Reads from the start, up to `size` lines at a time. A last line that was not written to its end, because the process
   * was killed over it, is left out.
   *
   * @throws MeridianError `directory` when a line before the last is damaged
   */
  async *batches<T>(size: number): AsyncGenerator<T[]> {
    const reader = await open(this.path, 'r');
    try {
      let batch: T[] = [];
      let isTorn = false;
      for await (const line of reader.readLines({ autoClose: false })) {
        if (isTorn) {
          throw new MeridianError('directory', `${this.path} is damaged: a line in it is not whole.`);
        }
        const value = parseWhole<T>(line);
        if (value === undefined) {
          isTorn = true;
          continue;
        }
        batch.push(value);
        if (batch.length === size) {
          yield batch;
          batch = [];
        }
      }
      if (batch.length > 0) {
        yield batch;
      }
    } finally {
      await reader.close();
    }
  }

  async sync(): Promise<void> {
    await this.#handle.sync();
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  async remove(): Promise<void> {
    await this.close();
    await rm(this.path, { force: true });
  }
}

/** JSON may hold two characters that line readers, Node's too, take for line ends. */
function toLine(value: unknown): string {
  const json = JSON.stringify(value).replace(/[\u2028\u2029]/g, (character) =>
    character === '\u2028' ? '\\u2028' : '\\u2029',
  );
  return `${json}\n`;
}

/** A line that ends too early is no JSON: every line is an object, so only its last character closes it. */
function parseWhole<T>(line: string): T | undefined {
  try {
    return JSON.parse(line) as T;
  } catch {
    return undefined;
  }
}
