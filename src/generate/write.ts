/** Writes generated data to files. A file gets its name only when it is complete. */
import { lstatSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { types } from 'node:util';
import { createGzip } from 'node:zlib';
import type { TextFormat } from '../populate/read/format.ts';
import { MeridianError, messageOf } from '../shared/errors.ts';
import { createFile, nameFile } from '../shared/files/create-file.ts';
import { datasetOf } from './dataset.ts';
import type { DatabaseGenerator } from './generator.ts';
import type { GeneratedSpec } from './spec.ts';
import { textOf } from './text.ts';

export interface WriteOptions {
  readonly generators: readonly DatabaseGenerator[];
  readonly databases: readonly string[];
  readonly spec: GeneratedSpec;
  /** Created if it does not exist. */
  readonly directory: string;
  readonly format: TextFormat;
  readonly gzip?: boolean;
  /** Replace existing files. */
  readonly force?: boolean;
  /** When aborted, the unfinished file is removed, and an AbortError is thrown. */
  readonly signal?: AbortSignal;
  readonly onWritten?: (database: string, file: string) => void;
}

/**
 * Writes `<database>.<format>` (with `.gz` if compressed) for each database, with constant memory.
 *
 * @returns database -> path of its file
 * @throws MeridianError `directory` when a file exists already or cannot be written, `usage` for a number that is out
 *   of range or a database without a generator
 */
export async function writeGenerated(options: WriteOptions): Promise<Record<string, string>> {
  const { generators, databases, spec, directory, format, gzip, force, onWritten } = options;
  const datasets = await Promise.all(databases.map((database) => datasetOf(generators, database, spec)));
  const files = databases.map((database) => join(directory, `${database}.${format}${gzip ? '.gz' : ''}`));
  // a dangling link counts as an existing file
  const there = await writing(directory, async () =>
    files.filter((file) => lstatSync(file, { throwIfNoEntry: false }) !== undefined),
  );
  if (there.length > 0 && !force) {
    throw existing(there);
  }
  await writing(directory, () => mkdir(directory, { recursive: true }));
  for (const [index, dataset] of datasets.entries()) {
    const file = files[index] as string;
    await writing(file, () => writeWhole(file, textOf(dataset, format), options));
    onWritten?.(dataset.database, file);
  }
  return Object.fromEntries(databases.map((database, index) => [database, files[index] as string]));
}

function existing(files: readonly string[]): MeridianError {
  const they = files.length === 1 ? 'exists' : 'exist';
  return new MeridianError(
    'directory',
    `${files.join(', ')} already ${they}. Name another directory with --out, or replace with --force.`,
  );
}

async function writeWhole(file: string, text: Iterable<string>, options: WriteOptions): Promise<void> {
  const { gzip, force, signal } = options;
  const partial = `${file}.partial`;
  const created = await createFile(partial);
  try {
    const steps = [Readable.from(text), ...(gzip ? [createGzip()] : []), created.createWriteStream()];
    await pipeline(steps, signal ? { signal } : {});
    if (force) {
      await rename(partial, file);
    } else if (!(await nameFile(partial, file))) {
      throw existing([file]);
    }
  } catch (error) {
    await created.close();
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
