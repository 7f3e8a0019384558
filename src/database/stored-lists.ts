/** How columns store JSON, lists and bytes, and which values they cannot hold. */
import type { StoredValues } from './storage.ts';

/** JSON that every engine can store: PostgreSQL refuses text with these characters. */
export const jsonValues: StoredValues = { problem: unusableIn };

function unusableIn(value: unknown): string | undefined {
  if (typeof value === 'string') {
    return value.includes('\0') ? 'holds a NUL character' : halfOf(value);
  }
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  for (const [key, inner] of Object.entries(value)) {
    const problem = unusableIn(key) ?? unusableIn(inner);
    if (problem !== undefined) {
      return problem;
    }
  }
  return undefined;
}

function halfOf(text: string): string | undefined {
  return text.isWellFormed() ? undefined : 'holds half of a surrogate pair';
}

/** @param element how the elements are stored */
export function listValues({ canonical, problem }: StoredValues): StoredValues {
  return {
    ...(canonical && { canonical: (value) => (Array.isArray(value) ? value.map((one) => canonical(one)) : value) }),
    problem(value) {
      if (!Array.isArray(value)) {
        return undefined;
      }
      for (const [index, one] of value.entries()) {
        const found = unusableIn(one) ?? problem?.(one);
        if (found !== undefined) {
          return `element ${index + 1} ${found}`;
        }
      }
      return undefined;
    },
  };
}
