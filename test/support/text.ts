/** Text that is already in memory, cut into chunks, and the records that a reader makes of text. */
import fc from 'fast-check';
import type { OpenSource, RawRecord } from '../../src/populate/read/source.ts';
import type { TextInput } from '../../src/populate/read/text.ts';

export function textOf(chunks: string | readonly string[], name = 'memory'): TextInput {
  return {
    name,
    chunks: (async function* () {
      yield* typeof chunks === 'string' ? [chunks] : chunks;
    })(),
    charactersRead: () => 0,
    progress: () => ({ bytesRead: 0, bytesTotal: undefined }),
    close: async () => undefined,
  };
}

/** All records of a source, which is closed afterwards. */
export async function recordsOf(open: OpenSource): Promise<RawRecord[]> {
  const { found, error } = await recordsAndErrorOf(open);
  if (error !== undefined) {
    throw error;
  }
  return found;
}

/** The records that come before the error that ends a source, if one does. */
export async function recordsAndErrorOf(open: OpenSource): Promise<{ found: RawRecord[]; error: unknown }> {
  const found: RawRecord[] = [];
  try {
    for await (const records of open.records) {
      found.push(...records.map(asRead));
    }
    return { found, error: undefined };
  } catch (error) {
    return { found, error };
  } finally {
    await open.close();
  }
}

/** The same of a source that may not even open. */
export async function outcomeOf(opening: Promise<OpenSource>): Promise<{ found: RawRecord[]; error: unknown }> {
  try {
    return await recordsAndErrorOf(await opening);
  } catch (error) {
    return { found: [], error };
  }
}

/** What everybody may read of a record, as a plain object. */
function asRead({ number, line, record, problem }: RawRecord): RawRecord {
  return problem === undefined ? { number, line, record } : { number, line, record, problem };
}

/** Places to cut a text at, for {@link cutAt}. */
export const cuts = fc.array(fc.nat({ max: 400 }), { maxLength: 12 });

/** The text in chunks, cut after so many UTF-16 code units each, the rest at the end. No chunk is empty. */
export function cutAt(text: string, lengths: readonly number[]): string[] {
  const chunks: string[] = [];
  let from = 0;
  for (const length of lengths) {
    chunks.push(text.slice(from, from + length));
    from += length;
  }
  return [...chunks, text.slice(from)].filter((chunk) => chunk !== '');
}
