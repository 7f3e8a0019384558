// Compiles the sources into dist/, from nothing, so that no file stays there whose source is gone.
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';

export const root = dirname(import.meta.dirname);

const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');

/** False in an installed package, which is built. */
const hasSources = existsSync(join(root, 'src', 'cli', 'main.ts'));

/** False as well after an installation without development dependencies. */
export function canBuild() {
  return hasSources && existsSync(compiler);
}

/** Prints what the compiler finds on standard error; returns whether it found nothing. */
export function build() {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  const stdio = ['ignore', process.stderr, process.stderr];
  return spawnSync(process.execPath, [compiler], { cwd: root, stdio }).status === 0;
}

if (process.argv[1] === import.meta.filename && hasSources && !build()) {
  process.exit(1);
}
