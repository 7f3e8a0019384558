// Starts the built command line. A clone is there to be edited, so sources newer than the build are built first.
import { existsSync, readdirSync, statSync } from 'node:fs';
import module from 'node:module';
import { join, relative } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { build, canBuild, root } from './build.js';

const main = join(root, 'dist', 'src', 'cli', 'main.js');

/** All files below a folder: a few times faster than a glob, for every command begins with this. */
function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

/** Newer, or gone: a migration that was deleted must not be applied from the build. */
function isStale() {
  if (!existsSync(main)) {
    return true;
  }
  const builtAt = statSync(main).mtimeMs;
  const folders = ['src', 'migrations'].map((name) => [join(root, name), join(root, 'dist', name)]);
  const sources = new Set(folders.flatMap(([folder]) => filesBelow(folder)).filter((file) => file.endsWith('.ts')));
  const settings = readdirSync(root).filter((name) => /\.config\.ts$|^(tsconfig|package)\.json$/.test(name));
  return (
    [...sources, ...settings.map((name) => join(root, name))].some((file) => statSync(file).mtimeMs > builtAt) ||
    folders.some(([folder, built]) => {
      const sourceOf = (file) => join(folder, relative(built, file).replace(/\.js$/, '.ts'));
      return (
        !existsSync(built) || filesBelow(built).some((file) => file.endsWith('.js') && !sources.has(sourceOf(file)))
      );
    })
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
