/** The valid addresses of a screen, so that unknown parts are reported instead of ignored. */
import type { Place } from './place.ts';

/**
 * Path below the screen's name -> its parameters. `:name` matches one path segment, `:name+` one or more; the parameter `filter.*` matches
 * any with that prefix.
 */
export type Addresses = Readonly<Record<string, readonly string[]>>;

/** @returns the unknown parameters; `undefined` for an unknown path */
export function unknownIn(addresses: Addresses, { path, query }: Place): readonly string[] | undefined {
  const [, ...below] = path;
  const found = Object.entries(addresses).find(([pattern]) => isPathOf(pattern, below));
  return found && Object.keys(query).filter((name) => !found[1].some((known) => isParameterOf(known, name)));
}

function isPathOf(pattern: string, below: readonly string[]): boolean {
  const parts = pattern.split('/').filter((part) => part !== '');
  const isLongEnough = pattern.endsWith('+') ? below.length >= parts.length : below.length === parts.length;
  return isLongEnough && parts.every((part, index) => part.startsWith(':') || part === below[index]);
}

function isParameterOf(known: string, name: string): boolean {
  return known.endsWith('*') ? name.startsWith(known.slice(0, -1)) : name === known;
}
