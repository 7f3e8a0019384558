/** The package.json of a project: its scripts and the packages that an example needs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MeridianError, messageOf } from '../../../shared/errors.ts';
import type { ProjectFiles } from './project-files.ts';

const FILE = 'package.json';

const SCRIPTS: Readonly<Record<string, string>> = {
  populate: 'meridian populate',
  migrate: 'meridian migrate',
  'migrate:status': 'meridian migrate:status',
  verify: 'meridian verify',
  check: 'meridian check',
};

export interface PackageFile {
  readonly name?: string;
  readonly type?: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** @returns `undefined` if there is none @throws MeridianError `usage` for a file that is not JSON */
export function readPackage(files: ProjectFiles): PackageFile | undefined {
  if (!files.has(FILE)) {
    return undefined;
  }
  const path = join(files.root, FILE);
  try {
    return JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, '')) as PackageFile;
  } catch (error) {
    throw new MeridianError('usage', `${path} cannot be read: ${messageOf(error)}.`, { cause: error });
  }
}

export interface Completed {
  /** The names of the packages that were added. */
  readonly dependencies: readonly string[];
  /** Formats a command of Meridian: as an npm script, unless the project has another script of that name. */
  readonly commandOf: (command: string) => string;
}

/**
 * Adds missing scripts and packages, without changing existing ones.
 *
 * @param dependencies name -> version
 */
export function completePackage(files: ProjectFiles, dependencies: Readonly<Record<string, string>>): Completed {
  const before: PackageFile = readPackage(files) ?? { type: 'module' };
  const scripts = missing(SCRIPTS, before.scripts);
  const packages = missing(dependencies, { ...before.dependencies, ...before.devDependencies });
  const isNew = !files.has(FILE);
  if (isNew || Object.keys(scripts).length > 0 || Object.keys(packages).length > 0) {
    const after = {
      ...(isNew ? { private: true } : {}),
      ...before,
      scripts: { ...before.scripts, ...scripts },
      ...(Object.keys(packages).length > 0 ? { dependencies: { ...before.dependencies, ...packages } } : {}),
    };
    files.put(FILE, `${JSON.stringify(after, null, 2)}\n`);
  }
  const all = { ...scripts, ...before.scripts };
  return {
    dependencies: Object.keys(packages),
    commandOf: (command) => (all[command] === `meridian ${command}` ? `npm run ${command}` : `npx meridian ${command}`),
  };
}

function missing(
  wanted: Readonly<Record<string, string>>,
  there: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return Object.fromEntries(Object.entries(wanted).filter(([name]) => !Object.hasOwn(there, name)));
}
