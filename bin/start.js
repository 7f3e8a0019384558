// Starts the built command line. In a clone, where sources may have changed, an outdated build is repeated first.
import module from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { build, canBuild, root } from './build.js';
import { isStale } from './stale.js';

if (canBuild() && isStale(root)) {
  process.stderr.write('Building…\n');
  if (!(await build())) {
    process.stderr.write('Error: the build failed; the lines above say where.\n');
    process.exit(1);
  }
}

module.enableCompileCache();
await import(pathToFileURL(join(root, 'dist', 'src', 'cli', 'main.js')).href);
