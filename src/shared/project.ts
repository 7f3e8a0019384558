/** Paths of the project's own files, whether it runs from `src` or from the build. */
import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';

const packageFile = findPackageJSON(import.meta.url);
if (packageFile === undefined) {
  throw new Error(`No package.json above ${import.meta.filename}`);
}

/** The folder that holds package.json. */
export const projectRoot = dirname(packageFile);

interface Manifest {
  readonly version: string;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

/** `peerRanges`: name of a package that the user installs -> versions that fit. */
export const { version, peerDependencies: peerRanges } = JSON.parse(readFileSync(packageFile, 'utf8')) as Manifest;

/** The folder of compiled files beside the sources; only `tsc` writes to it. */
export const buildRoot = join(projectRoot, 'dist');
