// What the bundles of packages and those of Meridian's own modules have in common.
import { relative, sep } from 'node:path';

/** Options of esbuild. */
export const BUNDLE = {
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  // a comment that is not Latin-1 makes V8 keep the whole file with two bytes a character, in each thread
  minifyWhitespace: true,
  // the line of an uncaught error is printed
  lineLimit: 200,
  metafile: true,
};

export function pathIn(folder, file) {
  return relative(folder, file).split(sep).join('/');
}
