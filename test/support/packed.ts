/** The package as npm packs it. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot, version } from '../../src/shared/project.ts';

/** Packs what was built. @returns the path of the tarball in `folder` */
export async function pack(folder: string): Promise<string> {
  // the tests run on the build, which packing would make again
  await promisify(execFile)('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: projectRoot });
  return join(folder, `meridian-${version}.tgz`);
}
