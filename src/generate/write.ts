/** Generated data as files: each appears under its name when it is whole, and not before. */
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { types } from 'node:util';
import { createGzip } from 'node:zlib';
import { MeridianError, messageOf } from '../errors.ts';
import type { Format } from '../populate/read/format.ts';
import { datasetOf } from './dataset.ts';
import type { GeneratedSpec } from './spec.ts';
import { textOf } from './text.ts';

export interface WriteOptions {
  readonly databases: readonly string[];
  readonly spec: GeneratedSpec;
  /** Made if it is not there. */
  readonly directory: string;
  readonly format: Format;
  readonly gzip?: boolean;
  /** Replace files that are there. */
  readonly force?: boolean;
  /** When aborted, the file that is being written is removed, and an AbortError thrown. */
  readonly signal?: AbortSignal;
  readonly onWritten?: (database: string, file: string) => void;
}

/**
 * Writes `<database>.<format>` (or `.gz` after it) for each database, in memory that does not grow with the count.
 *
 * @returns database -> path of its file
 * @throws MeridianError `directory` when a file is there already or cannot be written, `usage` for a number that is out
 *   of range or a database without a generator
 */
export async function writeGenerated(options: WriteOptions): Promise<Record<string, string>> {
  const { databases, spec, directory, format, gzip = false, force = false, signal, onWritten } = options;
  const datasets = await Promise.all(databases.map((database) => datasetOf(database, spec)));
  const files = databases.map((database) => join(directory, `${database}.${format}${gzip ? '.gz' : ''}`));
  const there = files.filter((file) => existsSync(file));
  if (there.length > 0 && !force) {
    const they = there.length === 1 ? 'exists' : 'exist';
    throw new MeridianError(
      'directory',
      `${there.join(', ')} already ${they}. Name another directory with --out, or replace with --force.`,
    );
  }
  await writing(directory, () => mkdir(directory, { recursive: true }));
  for (const [index, dataset] of datasets.entries()) {
    const file = files[index] as string;
    await writing(file, () => writeWhole(file, textOf(dataset, format), gzip, signal));
    onWritten?.(dataset.database, file);
  }
  return Object.fromEntries(databases.map((database, index) => [database, files[index] as string]));
}

async function writeWhole(file: string, text: Iterable<string>, gzip: boolean, signal?: AbortSignal): Promise<void> {
  const partial = `${file}.partial`;
  try {
    const steps = [Readable.from(text), ...(gzip ? [createGzip()] : []), createWriteStream(partial)];
    await pipeline(steps, signal ? { signal } : {});
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

async function writing<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (types.isNativeError(error) && 'syscall' in error) {
      throw new MeridianError('directory', `${path} cannot be written: ${messageOf(error)}.`, { cause: error });
    }
    throw error;
  }
}
