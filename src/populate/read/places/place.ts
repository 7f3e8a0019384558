/** Where a file is: in this computer, or in another one. */

/** Whether a path is a URL of a file that another computer holds. */
export function isRemote(path: string): boolean {
  return /^(?:https?|s3):\/\//i.test(path);
}

/** The beginning of a URL whose files cannot be read, such as `ftp://`. */
export function foreignScheme(path: string): string | undefined {
  return isRemote(path) ? undefined : /^[a-z][a-z0-9+.-]*:\/\//i.exec(path)?.[0];
}

/** Whether a path stands for all files that it matches. */
export function isPattern(path: string): boolean {
  return /[*?[{]/.test(path);
}

export function isS3(path: string): boolean {
  return /^s3:\/\//i.test(path);
}

/** A URL as it may be shown: without credentials, and without what follows the path, which may hold a signature. */
export function shownUrl(path: string): string {
  // a key of S3 may hold what divides other URLs
  if (isS3(path)) {
    return path;
  }
  return isRemote(path) ? path.replace(/[?#].*$/s, '').replace(/^([a-z0-9]+:\/\/)[^/]*@/i, '$1') : path;
}
