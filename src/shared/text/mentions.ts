/** Whether a text, such as a message that a project declares, shows a value that must not be shown. */

/** @param value a scalar, or an object or list with scalars in it */
export function mentions(text: string, value: unknown): boolean {
  return [...scalarsIn(value, new Set())].some((one) => one !== '' && text.includes(one));
}

function* scalarsIn(value: unknown, seen: Set<object>): Generator<string> {
  if (value === undefined || value === null || typeof value === 'function') {
    return;
  }
  if (value instanceof Date) {
    yield String(value);
    yield Number.isNaN(value.getTime()) ? '' : value.toISOString().slice(0, 10);
  } else if (typeof value !== 'object') {
    yield String(value);
  } else if (!seen.has(value)) {
    seen.add(value);
    for (const one of Object.values(value)) {
      yield* scalarsIn(one, seen);
    }
  }
}
