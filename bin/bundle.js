// Shared by the bundles of packages and those of Meridian's own modules.
import { relative, sep } from 'node:path';

/** Options of esbuild. */
export const BUNDLE = {
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  // with a comment that is not Latin-1, V8 would store the whole file with two bytes per character, in each thread
  minifyWhitespace: true,
  // an uncaught error prints the line that threw it
  lineLimit: 200,
  metafile: true,
};

export function pathIn(folder, file) {
  return relative(folder, file).split(sep).join('/');
}
