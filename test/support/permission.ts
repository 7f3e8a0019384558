/** Folders that a child process may not write to. Root may write everywhere, so root's children run as another user. */
import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import process from 'node:process';

const NOBODY = 65534;
const isRoot = process.getuid?.() === 0;

/** For the options of a command that permissions are to hold for. */
export const asOrdinaryUser: { readonly uid?: number } = isRoot ? { uid: NOBODY } : {};

/** Lets the ordinary user work in `path`. */
export function giveAway(path: string): void {
  if (isRoot) {
    chownSync(path, NOBODY, NOBODY);
  }
}

/** Makes an empty folder that the ordinary user can read and not write. */
export function makeReadOnlyFolder(path: string): void {
  mkdirSync(path, { recursive: true });
  giveAway(path);
  chmodSync(path, 0o555);
}
