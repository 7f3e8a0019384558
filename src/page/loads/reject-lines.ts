/** Reads rejects from the stream of the server, which has one JSON line per reject. */

import { parseWrittenJson } from '../../shared/json/parse-written.ts';
import { ApiError, errorOf, parsed, type RecordError } from '../frame/api.ts';

export interface Reject {
  readonly number: number;
  readonly file?: string;
  readonly line: number;
  readonly record: unknown;
  readonly errors: readonly RecordError[];
  readonly map?: Readonly<Record<string, string>>;
}

export interface Reason {
  readonly property: string | null;
  readonly code: string;
}

export interface RejectPage {
  readonly rejects: readonly Reject[];
  /** Whether there are more rejects. */
  readonly isCut: boolean;
}

/** Reads the first rejects with a reason, and then stops reading. */
export async function readRejects(
  path: string,
  reason: Reason,
  limit: number,
  signal: AbortSignal,
): Promise<RejectPage> {
  const reading = new AbortController();
  const response = await fetch(path, { signal: AbortSignal.any([signal, reading.signal]) });
  if (!response.ok || response.body === null) {
    throw errorOf(response.status, parsed(await response.text()));
  }
  const found: Reject[] = [];
  for await (const line of linesOf(response.body)) {
    const reject = rejectIn(line);
    if (reject.errors.some(({ property, code }) => property === reason.property && code === reason.code)) {
      if (found.length === limit) {
        reading.abort();
        return { rejects: found, isCut: true };
      }
      found.push(reject);
    }
  }
  return { rejects: found, isCut: false };
}

/** @internal exported for tests */
export function rejectIn(line: string): Reject {
  try {
    return parseWrittenJson(line) as Reject;
  } catch {
    throw new ApiError(0, 'The rejects were cut off. Read them again.');
  }
}

/** The lines of a stream, without line breaks. @internal exported for tests */
export async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = stream.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      break;
    }
    const lines = (rest + value).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') {
    yield rest;
  }
}
