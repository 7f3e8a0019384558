/** Writes an upload to a file while it arrives, with bounded memory. */
import { createWriteStream } from 'node:fs';
import { statfs } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { messageOf } from '../../shared/errors.ts';
import { Problem } from '../problem.ts';

export interface SpoolOptions {
  readonly maxBytes: number;
  /** Aborted when the server stops or the client disconnects. */
  readonly signal: AbortSignal;
}

/** @throws Problem 413 beyond the limit, 507 for a full disk, 400 for an incomplete upload, 503 where the signal ends it */
export async function spool(from: Readable, path: string, { maxBytes, signal }: SpoolOptions): Promise<void> {
  try {
    await pipeline(from, limited(maxBytes), createWriteStream(path, { mode: 0o600 }), { signal });
  } catch (error) {
    throw signal.aborted && !isBrokenOff(from) ? stopping() : explained(isBrokenOff(from) ? from.errored : error);
  }
}

/** Whether the client has disconnected. */
export function isBrokenOff({ errored }: Readable): boolean {
  return (errored as NodeJS.ErrnoException | null)?.code === 'ECONNRESET';
}

/** @throws Problem 507 for an upload whose declared length exceeds the free disk space */
export async function refuseTooLarge(length: string | undefined, directory: string, maxBytes: number): Promise<void> {
  const bytes = Number(length ?? 0);
  if (bytes > maxBytes) {
    throw tooLarge(maxBytes);
  }
  const { bavail, bsize } = await statfs(directory);
  if (bytes > bavail * bsize) {
    throw full();
  }
}

/** @throws Problem 413 beyond the limit */
export function limited(maxBytes: number): (source: AsyncIterable<Buffer>) => AsyncGenerator<Buffer> {
  return async function* (source) {
    let bytes = 0;
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > maxBytes) {
        throw tooLarge(maxBytes);
      }
      yield chunk;
    }
  };
}

function tooLarge(maxBytes: number): Problem {
  const limit = maxBytes.toLocaleString('en');
  return new Problem(413, 'size', `The upload has more than ${limit} bytes, which is the limit of this server.`, {
    headers: { connection: 'close' },
  });
}

/** The problem for a load that is requested while the server is stopping. */
export function stopping(): Problem {
  return new Problem(503, 'database', 'The server is stopping, and nothing was loaded. Send the same again later.', {
    headers: { connection: 'close', 'retry-after': '5' },
  });
}

function full(cause?: unknown): Problem {
  return new Problem(
    507,
    'directory',
    'The disk of the server has no room for the upload. Nothing was loaded. Make room, or point TMPDIR of the server to another disk.',
    { cause, headers: { connection: 'close' } },
  );
}

/** Converts expected errors of an upload to problems. */
export function explained(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return full(error);
  }
  if (code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE') {
    return new Problem(400, 'usage', `The upload ended before its end (${messageOf(error)}). Nothing was loaded.`, {
      cause: error,
    });
  }
  return error;
}
