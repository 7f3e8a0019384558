/** Distinguishes local and remote files. */

/** Whether a path is the URL of a remote file. */
export function isRemote(path: string): boolean {
  return /^(?:https?|s3):\/\//i.test(path);
}

/** The start of a URL with an unsupported scheme, such as `ftp://`. */
export function foreignScheme(path: string): string | undefined {
  return isRemote(path) ? undefined : /^[a-z][a-z0-9+.-]*:\/\//i.exec(path)?.[0];
}

/** Whether a path is a pattern. */
export function isPattern(path: string): boolean {
  return /[*?[{]/.test(path);
}

export function isS3(path: string): boolean {
  return /^s3:\/\//i.test(path);
}

/** A URL for display: without credentials, and without what follows the path, which may contain a signature. */
export function shownUrl(path: string): string {
  // S3 keys may contain the delimiters of other URLs
  if (isS3(path)) {
    return path;
  }
  return isRemote(path) ? path.replace(/[?#].*$/s, '').replace(/^([a-z0-9]+:\/\/)[^/]*@/i, '$1') : path;
}
