/** Names of columns, normalized for comparison. */
import { withoutInvisible } from './visible.ts';

/** Ignores case, `_`, `-`, spaces and invisible characters. */
export function looseName(name: string): string {
  return withoutInvisible(name)
    .replace(/[_\-\s]/g, '')
    .toLowerCase();
}

/** The same for the path to an embeddable's member, such as `address.street`, without its full stops. */
export function loosePath(path: string): string {
  return looseName(path).replaceAll('.', '');
}
