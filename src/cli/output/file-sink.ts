/** Sinks for file content: standard output, or a file that appears when it is complete. */
import { rename, rm } from 'node:fs/promises';
import process from 'node:process';
import { MeridianError, messageOf } from '../../shared/errors.ts';
import { createFile } from '../../shared/files/create-file.ts';
import { written } from './written.ts';

type Sink = (content: string | Uint8Array) => Promise<void>;

/** Thrown when the reader of standard output has closed the pipe, so that the work can end. */
export const READER_GONE = new Error('the reader of standard output is gone');

/** @throws READER_GONE */
export const printed: Sink = async (content) => {
  if (!(await written(process.stdout, content))) {
    throw READER_GONE;
  }
};

/**
 * Writes a file atomically: it gets its name when it is complete, and an existing file stays until then.
 *
 * @throws MeridianError `directory` when it cannot be written
 */
export async function inFile(path: string, work: (sink: Sink) => Promise<void>): Promise<void> {
  const part = `${path}.part`;
  try {
    const file = await createFile(part);
    try {
      await work((content) => file.appendFile(content));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    const { code } = error as { readonly code?: unknown };
    throw typeof code === 'string' && /^E[A-Z]+$/.test(code)
      ? new MeridianError('directory', `${path} cannot be written: ${messageOf(error)}.`, { cause: error })
      : error;
  }
}
