/** Which addresses a screen has, so that what it does not know in one is named and not ignored in silence. */
import type { Place } from './place.ts';

/**
 * A path below the screen's name -> the parameters that it takes. `:name` is any part of a path, `:name+` one or more; a parameter
 * `filter.*` is any that begins so.
 */
export type Addresses = Readonly<Record<string, readonly string[]>>;

/** @returns the parameters that the screen does not know; `undefined` where the path leads nowhere in it */
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
