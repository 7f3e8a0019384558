#!/usr/bin/env node
// Starts the built command line. A clone is there to be edited, so sources newer than the build are built first.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import module from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 17)) {
  console.error(`Meridian needs Node.js 22.17 or newer; this is ${process.version}. Run it with npx meridian or npm run, which use the one that npm ci installed.`);
  process.exit(1);
}

const root = dirname(import.meta.dirname);
const main = join(root, 'dist', 'src', 'cli', 'main.js');
const stamp = join(root, 'dist', 'tsconfig.tsbuildinfo');
const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');

function newest(folder) {
  const files = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  return Math.max(...files.filter((file) => file.name.endsWith('.ts')).map((file) => statSync(join(file.parentPath, file.name)).mtimeMs));
}

const isBuilt = existsSync(main) && existsSync(stamp);
if (existsSync(compiler) && (!isBuilt || ['src', 'migrations'].some((folder) => newest(folder) > statSync(stamp).mtimeMs))) {
  console.error('Building…');
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  if (status !== 0) {
    process.exit(1);
  }
}

module.enableCompileCache?.();
await import(main);
