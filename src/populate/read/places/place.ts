/** Where a file is: in this computer, or in another one. */

/** Whether a path is a URL of a file that another computer holds. */
export function isRemote(path: string): boolean {
  return /^https?:\/\//i.test(path);
}

/** A URL as it may be shown: without credentials, and without what follows the path, which may hold a signature. */
export function shownUrl(path: string): string {
  return isRemote(path) ? path.replace(/[?#].*$/s, '').replace(/^([a-z0-9]+:\/\/)[^/@]*@/i, '$1') : path;
}
