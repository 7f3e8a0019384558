// Builds a clone if needed. npm calls this after an installation and before packing; the first `npx meridian` in a clone checks again.
import process from 'node:process';
import { build, root } from './build.js';
import { isStale } from './stale.js';

if (isStale(root) && !(await build())) {
  process.exit(1);
}
