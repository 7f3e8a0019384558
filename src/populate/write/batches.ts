/** Groups the records of a source into batches. */
import type { RawRecord } from '../read/source.ts';

/** Maximum number of characters per statement: a batch of long records has fewer records. @internal exported for tests */
export const BATCH_CHARACTERS = 16 * 1024 * 1024;

/** The end of a source, with the error if it ended early. */
export interface End {
  readonly fault?: unknown;
}

/** An error of the source ends a transaction without rolling it back, so that the batches before it are kept. */
export async function nextOf(batches: AsyncIterator<RawRecord[]>): Promise<RawRecord[] | End> {
  try {
    const { done, value } = await batches.next();
    return done ? {} : value;
  } catch (fault) {
    return { fault };
  }
}

/** The records after the first `count`. */
export async function* afterFirst(
  count: number,
  chunks: AsyncIterable<readonly RawRecord[]>,
): AsyncGenerator<readonly RawRecord[]> {
  let passed = 0;
  for await (const chunk of chunks) {
    const from = Math.min(chunk.length, count - passed);
    passed += from;
    if (from < chunk.length) {
      yield from === 0 ? chunk : chunk.slice(from);
    }
  }
}

/**
 * Groups chunks of any size into batches. A batch has fewer records than `size` only at the real end of the source, or if they are long.
 */
export async function* inBatches(
  chunks: AsyncIterable<readonly RawRecord[]>,
  size: number,
  signal: AbortSignal,
  charactersRead = () => 0,
): AsyncGenerator<RawRecord[]> {
  const iterator = chunks[Symbol.asyncIterator]();
  let waiting: RawRecord[] = [];
  let charactersBefore = 0;
  while (!signal.aborted) {
    const next = await unlessAborted(iterator.next(), signal);
    if (next === undefined) {
      return;
    }
    if (next.done) {
      if (waiting.length > 0) {
        yield waiting;
      }
      return;
    }
    const isLong = charactersRead() - charactersBefore >= BATCH_CHARACTERS;
    for (const record of next.value) {
      waiting.push(record);
      if (waiting.length === size || (isLong && record === next.value.at(-1))) {
        yield waiting;
        waiting = [];
        charactersBefore = charactersRead();
        if (signal.aborted) {
          return;
        }
      }
    }
  }
}

/** The result of `work`, or nothing once the signal is aborted. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<T | undefined>();
  const stop = () => resolve(undefined);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) {
    stop();
  }
  work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  return promise;
}
