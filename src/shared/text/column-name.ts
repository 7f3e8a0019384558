/** Names of columns, compared as people write them. */
import { withoutInvisible } from './visible.ts';

/** Without regard to case, `_`, `-`, spaces and invisible characters. */
export function looseName(name: string): string {
  return withoutInvisible(name)
    .replace(/[_\-\s]/g, '')
    .toLowerCase();
}

/** The same of the path to a member of an embeddable, such as `address.street`, without its full stops. */
export function loosePath(path: string): string {
  return looseName(path).replaceAll('.', '');
}
