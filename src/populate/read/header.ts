/** Validates the column names of a header. */
import { quoted } from '../../shared/text/visible.ts';
import { MAX_NAME_CHARACTERS } from './limits.ts';

/** A clause about a name that is too long, or that occurs twice. */
export function headerFault(columns: readonly string[]): string | undefined {
  if (columns.some((name) => name.includes('\0'))) {
    return 'the header holds a NUL character, so this is no text, or damaged. Get the file again';
  }
  const long = columns.find((name) => name.length > MAX_NAME_CHARACTERS);
  if (long !== undefined) {
    return `the header names a column with more than ${MAX_NAME_CHARACTERS.toLocaleString('en')} characters, ${quoted(long)}. Shorten it`;
  }
  const seen = new Map<string, number>();
  for (const [index, name] of columns.entries()) {
    const earlier = seen.get(name);
    if (earlier !== undefined) {
      return `the header names the column ${quoted(name)} twice (columns ${earlier + 1} and ${index + 1}). Rename one of them`;
    }
    seen.set(name, index);
  }
  return undefined;
}
