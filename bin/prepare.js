// Builds a clone where it has to be. npm prepares it after an installation and before it packs, and the first `npx meridian` in it once more.
import process from 'node:process';
import { build, root } from './build.js';
import { isStale } from './stale.js';

if (isStale(root) && !(await build())) {
  process.exit(1);
}
