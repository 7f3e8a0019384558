/** Work that is counted instead of timed: how many characters are looked at. */

/** Methods that look at one character, and those that look at the whole text if need be. */
const SINGLE = ['charCodeAt', 'codePointAt', 'charAt', 'at'];
const WHOLE = ['includes', 'split', 'trim', 'replaceAll', 'replace', 'search', 'match', 'lastIndexOf'];

type Method = (this: unknown, ...values: unknown[]) => unknown;

/** Characters that one call has looked at. */
type WorkOf = (self: unknown, values: readonly unknown[], result: unknown) => number;

const lengthOf = (text: unknown): number => (typeof text === 'string' ? text.length : 0);

/** Counts the characters that methods of strings and patterns look at, at most, while `run` runs. */
function charactersRead(run: () => void): number {
  let count = 0;
  const restore: (() => void)[] = [];
  const watch = (prototype: object, name: string, workOf: WorkOf) => {
    const descriptor = Object.getOwnPropertyDescriptor(prototype, name) as PropertyDescriptor;
    const original: Method = descriptor.value;
    const watched: Method = function (...values) {
      const result = original.apply(this, values);
      count += workOf(this, values, result);
      return result;
    };
    Object.defineProperty(prototype, name, { ...descriptor, value: watched });
    restore.push(() => Object.defineProperty(prototype, name, descriptor));
  };
  for (const name of SINGLE) {
    watch(String.prototype, name, () => 1);
  }
  for (const name of WHOLE) {
    watch(String.prototype, name, (self) => lengthOf(String(self)));
  }
  for (const name of ['exec', 'test']) {
    watch(RegExp.prototype, name, (_pattern, [text]) => lengthOf(text));
  }
  watch(String.prototype, 'slice', (_text, _values, result) => lengthOf(result));
  watch(String.prototype, 'indexOf', (self, [, from = 0], result) => {
    const end = result === -1 ? lengthOf(String(self)) : Number(result);
    return end - Number(from) + 1;
  });
  try {
    run();
  } finally {
    for (const one of restore) {
      one();
    }
  }
  return count;
}

/**
 * Whether work grows with its size and not with the square of it. Eight times the size may take sixteen times the work, as what
 * fills several pieces is read again each time that there is twice as much of it; it must not take sixty-four times.
 */
export function isLinear(work: (size: number) => void, size = 300): boolean {
  const little = charactersRead(() => work(size));
  return charactersRead(() => work(8 * size)) < 16 * little;
}
