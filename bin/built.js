// Whether the build is, byte for byte, of the sources as they are. Times do not say so: a file that is moved keeps its own.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDERS = ['bin', 'docs', 'migrations', 'src', 'test'];
const OUTPUTS = ['docs', 'migrations', 'packages', 'page', 'src', 'test'];

/** A digest of what is built, of what builds it, and of which packages are installed. */
export function digestOfSources(root) {
  const files = [
    ...readdirSync(root).filter((name) => /\.ts$|^(tsconfig|package)\.json$/.test(name)),
    join('node_modules', '.package-lock.json'),
    ...FOLDERS.flatMap((folder) => filesBelow(root, folder)).filter((path) => /\.([jt]sx?|json|css|html)$/.test(path)),
  ];
  const hash = createHash('sha256');
  for (const path of files.filter((one) => existsSync(join(root, one))).sort()) {
    const content = readFileSync(join(root, path));
    hash.update(`${path}\n${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

/** @param digest of the sources, from before they were built */
export function recordBuild(root, digest) {
  writeFileSync(recordIn(root), recordOf(root, digest));
}

/** Compares texts, because a record that a killed build has cut off cannot be parsed. */
export function isBuilt(root) {
  return existsSync(recordIn(root)) && readFileSync(recordIn(root), 'utf8') === recordOf(root, digestOfSources(root));
}

function recordOf(root, digest) {
  return JSON.stringify({ digest, outputs: outputsIn(root) });
}

function recordIn(root) {
  return join(root, 'dist', 'built.json');
}

/** Paths, each with what changes when the file does. */
function outputsIn(root) {
  const dist = join(root, 'dist');
  const files = readdirSync(dist).filter((name) => /\.config\./.test(name));
  return [...files, ...OUTPUTS.flatMap((folder) => filesBelow(dist, folder))].sort().map((path) => {
    const { size, mtimeMs } = statSync(join(dist, path));
    return [path, size, mtimeMs];
  });
}

function filesBelow(root, folder) {
  return existsSync(join(root, folder))
    ? readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => join(parentPath, name).slice(root.length + 1))
    : [];
}
