/** Writes long results to a stream with backpressure. */
import { once } from 'node:events';

/** @returns `false` once the reader has closed the pipe, as `head` does: then the caller can stop */
export async function written(stream: NodeJS.WritableStream, text: string | Uint8Array): Promise<boolean> {
  if (isGone(stream)) {
    return false;
  }
  if (!stream.write(text)) {
    const settled = new AbortController();
    try {
      await Promise.race(['drain', 'close', 'error'].map((event) => once(stream, event, { signal: settled.signal })));
    } catch {
      // reported by the stream's own handler
    } finally {
      settled.abort();
    }
  }
  return !isGone(stream);
}

function isGone(stream: NodeJS.WritableStream): boolean {
  const { destroyed, errored } = stream as { readonly destroyed?: boolean; readonly errored?: Error | null };
  return destroyed === true || (errored ?? null) !== null;
}
