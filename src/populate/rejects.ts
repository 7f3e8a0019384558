/** The rejects file of one database: written beside the old one while the run goes on, put in its place at the end. */
import { existsSync } from 'node:fs';
import { type FileHandle, mkdir, open, realpath, rename, rm } from 'node:fs/promises';
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

/** How every line of a rejects file starts. */
const REJECT_START = '{"number":';

export class Rejects {
  /** Where the file will be. */
  readonly path: string;
  /** In the order of their numbers. */
  readonly #found: LinesFile;
  /**
   * Records that the reference check rejects come late, when later records have long been rejected: a file a round of
   * the check, each in the order of its numbers.
   */
  readonly #late: LinesFile[] = [];
  #needsLateFile = true;

  private constructor(path: string, found: LinesFile) {
    this.path = path;
    this.#found = found;
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
    const path = join(directory, `${database}.ndjson`);
    await refuseForeignFile(path);
    const found = await LinesFile.create(join(directory, `.${database}.${process.pid}.part`));
    return new Rejects(path, found);
  }

  /** @param rejects in the order of their numbers */
  async add(rejects: readonly Reject[]): Promise<void> {
    await this.#found.append(rejects);
  }

  /** From here on, the numbers of late rejects start from the lowest again. */
  startLateRound(): void {
    this.#needsLateFile = true;
  }

  /** @param rejects in the order of their numbers within the round, but after others that have been added already */
  async addLate(rejects: readonly Reject[]): Promise<void> {
    if (rejects.length === 0) {
      return;
    }
    if (this.#needsLateFile) {
      this.#late.push(await LinesFile.create(`${this.#found.path}.late${this.#late.length}`));
      this.#needsLateFile = false;
    }
    await this.#late.at(-1)?.append(rejects);
  }

  /** Whether `file` is the one that {@link publish} replaces. */
  async isFile(file: string): Promise<boolean> {
    const [here, there] = await Promise.all([this.path, file].map((path) => realpath(path).catch(() => undefined)));
    return here !== undefined && here === there;
  }

  /** Replaces the rejects file of the run before, in one step. @throws MeridianError `directory` */
  async publish(): Promise<void> {
    try {
      await this.#put(this.#late.length === 0 ? this.#found : await this.#merged());
    } finally {
      await this.discard();
    }
  }

  async discard(): Promise<void> {
    for (const file of [this.#found, ...this.#late]) {
      await file.remove();
    }
  }

  async #merged(): Promise<LinesFile> {
    const merged = await LinesFile.create(`${this.#found.path}.merged`);
    let batch: Reject[] = [];
    for await (const reject of this.#late.reduce((all, late) => merge(all, oneByOne(late)), oneByOne(this.#found))) {
      batch.push(reject);
      if (batch.length === MERGE_BATCH) {
        await merged.append(batch);
        batch = [];
      }
    }
    await merged.append(batch);
    return merged;
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

/** Both sources give rejects in the order of their numbers; so does the result. */
async function* merge(a: AsyncGenerator<Reject>, b: AsyncGenerator<Reject>): AsyncGenerator<Reject> {
  let [left, right] = [await a.next(), await b.next()];
  while (!left.done && !right.done) {
    if (right.value.number < left.value.number) {
      yield right.value;
      right = await b.next();
    } else {
      yield left.value;
      left = await a.next();
    }
  }
  for (; !left.done; left = await a.next()) {
    yield left.value;
  }
  for (; !right.done; right = await b.next()) {
    yield right.value;
  }
}

async function* oneByOne(file: LinesFile): AsyncGenerator<Reject> {
  for await (const batch of file.batches<Reject>(MERGE_BATCH)) {
    yield* batch;
  }
}
