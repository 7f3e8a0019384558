// Starts the built command line. A clone is there to be edited, so sources newer than the build are built first.
import { existsSync, globSync, statSync } from 'node:fs';
import module from 'node:module';
import { join, relative } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { build, canBuild, root } from './build.js';

const main = join(root, 'dist', 'src', 'main.js');

/** Newer, or gone: a migration that was deleted must not be applied from the build. */
function isStale() {
  const builtAt = existsSync(main) ? statSync(main).mtimeMs : 0;
  const sources = globSync(['{src,migrations}/**/*.ts', '*.config.ts', 'tsconfig.json', 'package.json'], { cwd: root });
  const built = globSync('dist/{src,migrations}/**/*.js', { cwd: root });
  return (
    sources.some((file) => statSync(join(root, file)).mtimeMs > builtAt) ||
    built.some((file) => !existsSync(join(root, relative('dist', file).replace(/\.js$/, '.ts'))))
  );
}

if (canBuild() && isStale()) {
  process.stderr.write('Building…\n');
  if (!build()) {
    process.stderr.write('Error: the build failed; the lines above say where.\n');
    process.exit(1);
  }
}

module.enableCompileCache();
await import(pathToFileURL(main).href);
