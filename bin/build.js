// Compiles the sources into an empty dist/, so that no file remains whose source was deleted.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { digestOfSources, isBuilt, recordBuild } from './built.js';
import { bundleModules } from './modules.js';
import { bundlePackages } from './packages.js';

export const root = dirname(import.meta.dirname);

const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
const bundler = join(root, 'node_modules', 'esbuild');

/** False in an installed package, which contains the build. */
const hasSources = existsSync(join(root, 'src', 'cli', 'main.ts'));

/** Also false after an installation without development dependencies. */
export function canBuild() {
  return hasSources && existsSync(compiler) && existsSync(bundler);
}

/** Prints the errors of the compiler and the bundler on standard error; returns whether there were none. */
export async function build() {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  const digest = digestOfSources(root);
  const stdio = ['ignore', process.stderr, process.stderr];
  if (spawnSync(process.execPath, [compiler], { cwd: root, stdio }).status !== 0 || !(await bundle())) {
    return false;
  }
  recordBuild(root, digest);
  return true;
}

async function bundle() {
  try {
    bundlePage();
    await bundleModules(root);
    bundlePackages(root);
    return true;
  } catch {
    // esbuild has printed the errors
    return false;
  }
}

/** The page consists of one script and one stylesheet. */
function bundlePage() {
  const page = join(root, 'dist', 'page');
  mkdirSync(page, { recursive: true });
  copyFileSync(join(root, 'src', 'page', 'index.html'), join(page, 'index.html'));
  const { buildSync } = createRequire(import.meta.url)('esbuild');
  buildSync({
    absWorkingDir: root,
    entryPoints: [
      { in: join('src', 'shop', 'page', 'main.tsx'), out: 'page' },
      { in: join('src', 'page', 'page.css'), out: 'page' },
    ],
    outdir: page,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
  });
}

if (process.argv[1] === import.meta.filename && hasSources && !isBuilt(root) && !(await build())) {
  process.exit(1);
}
