/** Downloads a remote file once; an interrupted download is resumed. */

import { closeSync, openSync, writeSync } from 'node:fs';
import { sleep } from '../../../shared/environment.ts';
import { MeridianError, messageOf } from '../../../shared/errors.ts';
import { isS3 } from './place.ts';
import { type OpenRemote, RemoteFault, type RemotePart } from './remote-part.ts';

/** Maximum number of consecutive attempts without progress. */
const MAX_ATTEMPTS = 5;

/** Milliseconds before the second attempt; doubled for each further one. */
const FIRST_PAUSE = 250;

/**
 * @param name the file's name in messages
 * @param to the path of the copy
 * @returns the descriptor of the copy
 * @throws MeridianError `source`
 */
export async function download(path: string, name: string, to: string): Promise<number> {
  if (isS3(path)) {
    const { openS3 } = await import('./s3.ts');
    return copyOf((from, version) => openS3(path, from, version), name, to);
  }
  const { openHttp } = await import('./http.ts');
  return copyOf((from, version) => openHttp(path, from, version), name, to);
}

/** @internal exported for tests */
export async function copyOf(open: OpenRemote, name: string, to: string, firstPause = FIRST_PAUSE): Promise<number> {
  const copy = openSync(to, 'wx+', 0o600);
  try {
    await fetchAll(open, copy, firstPause);
    return copy;
  } catch (error) {
    closeSync(copy);
    throw new MeridianError('source', `${name} cannot be read: ${messageOf(error)}.`, { cause: error });
  }
}

async function fetchAll(open: OpenRemote, copy: number, firstPause: number): Promise<void> {
  let written = 0;
  let version: string | undefined;
  let attempts = 0;
  for (;;) {
    const before = written;
    try {
      const part = await open(version === undefined ? 0 : written, version);
      if (version !== undefined && part.version !== version) {
        await abandon(part);
        throw new RemoteFault('it was changed while it was being read; run the same command again');
      }
      version = part.version;
      written = part.from;
      for await (const chunk of received(part.bytes)) {
        written += writeAll(copy, chunk, written);
      }
      if (part.size !== undefined && written < part.size) {
        throw new Error(`the connection ended after ${written} of ${part.size} bytes`);
      }
      return;
    } catch (error) {
      attempts = written > before ? 1 : attempts + 1;
      if (error instanceof RemoteFault) {
        throw error;
      }
      if (attempts >= MAX_ATTEMPTS) {
        throw new Error(`${messageOf(error)}; ${MAX_ATTEMPTS} attempts in a row brought nothing`, { cause: error });
      }
      await sleep(firstPause * 2 ** (attempts - 1));
    }
  }
}

/** The chunks, with an error that says that the connection broke. */
async function* received(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes;
  } catch (error) {
    // fetch reports `terminated`, and the reason as its cause
    const { cause = error } = error as Error;
    throw new Error(`the connection broke (${messageOf(cause)})`, { cause: error });
  }
}

/** Closes the connection of a part that is not read to its end. */
async function abandon({ bytes }: RemotePart): Promise<void> {
  for await (const _ of bytes) {
    break;
  }
}

/** @returns the number of bytes */
function writeAll(copy: number, chunk: Uint8Array, at: number): number {
  for (let done = 0; done < chunk.length; ) {
    done += writeSync(copy, chunk, done, chunk.length - done, at + done);
  }
  return chunk.length;
}
