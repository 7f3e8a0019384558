/** The rejects file of one database: written beside the old one while the run goes on, put in its place at the end. */
import { mkdir, realpath, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { MeridianError, messageOf } from '../errors.ts';
import { LinesFile } from './lines.ts';
import type { RecordError } from './record/rules.ts';

/** One line of a rejects file. */
export interface Reject {
  readonly number: number;
  readonly line: number;
  /** As read. */
  readonly record: unknown;
  readonly errors: readonly RecordError[];
}

const MERGE_BATCH = 1000;

export class Rejects {
  /** Where the file will be. */
  readonly path: string;
  readonly #found: LinesFile;
  /** Records that the reference check rejects come late, when later records have long been rejected. */
  readonly #late: LinesFile;
  #hasLate = false;

  private constructor(path: string, found: LinesFile, late: LinesFile) {
    this.path = path;
    this.#found = found;
    this.#late = late;
  }

  /** @throws MeridianError `directory` when nothing can be written there */
  static async create(directory: string, database: string): Promise<Rejects> {
    try {
      await mkdir(directory, { recursive: true });
    } catch (error) {
      throw new MeridianError('directory', `The rejects directory ${directory} cannot be made: ${messageOf(error)}.`, {
        cause: error,
      });
    }
    const part = join(directory, `.${database}.${process.pid}`);
    const found = await LinesFile.create(`${part}.part`);
    try {
      return new Rejects(join(directory, `${database}.ndjson`), found, await LinesFile.create(`${part}.late`));
    } catch (error) {
      await found.remove();
      throw error;
    }
  }

  async add(rejects: readonly Reject[]): Promise<void> {
    await this.#found.append(rejects);
  }

  /** @param rejects in the order of their numbers, but after others that have been added already */
  async addLate(rejects: readonly Reject[]): Promise<void> {
    this.#hasLate ||= rejects.length > 0;
    await this.#late.append(rejects);
  }

  /** Whether `file` is the one that {@link publish} replaces. */
  async isFile(file: string): Promise<boolean> {
    const [here, there] = await Promise.all([this.path, file].map((path) => realpath(path).catch(() => undefined)));
    return here !== undefined && here === there;
  }

  /** Replaces the rejects file of the run before, in one step. */
  async publish(): Promise<void> {
    if (this.#hasLate) {
      const merged = await LinesFile.create(`${this.#found.path}.merged`);
      for await (const batch of merge(this.#found, this.#late)) {
        await merged.append(batch);
      }
      await this.#found.remove();
      await this.#put(merged);
    } else {
      await this.#put(this.#found);
    }
    await this.#late.remove();
  }

  async discard(): Promise<void> {
    await this.#found.remove();
    await this.#late.remove();
  }

  async #put(file: LinesFile): Promise<void> {
    try {
      await file.sync();
      await file.close();
      await rename(file.path, this.path);
    } catch (error) {
      await rm(file.path, { force: true });
      throw new MeridianError('directory', `${this.path} cannot be replaced: ${messageOf(error)}.`, { cause: error });
    }
  }
}

/** Both files hold rejects in the order of their numbers; so does what comes out. */
async function* merge(a: LinesFile, b: LinesFile): AsyncGenerator<Reject[]> {
  const right = oneByOne(b);
  let late = await right.next();
  for await (const batch of a.batches<Reject>(MERGE_BATCH)) {
    const merged: Reject[] = [];
    for (const reject of batch) {
      for (; !late.done && late.value.number < reject.number; late = await right.next()) {
        merged.push(late.value);
      }
      merged.push(reject);
    }
    yield merged;
  }
  for (; !late.done; late = await right.next()) {
    yield [late.value];
  }
}

async function* oneByOne(file: LinesFile): AsyncGenerator<Reject> {
  for await (const batch of file.batches<Reject>(MERGE_BATCH)) {
    yield* batch;
  }
}
