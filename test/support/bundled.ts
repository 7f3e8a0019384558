/**
 * Has processes that tests start import packages from their bundles, as the command line does. From hundreds of modules, importing takes
 * most of the time of a process that is killed soon. They import Meridian's own modules as they are, which breakpoints patch.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildRoot } from '../../src/shared/project.ts';

const bundles = pathToFileURL(join(buildRoot, 'src', 'shared', 'bundled-packages.js')).href;

/** An option of Node, for a script. */
export const WITH_BUNDLES = withBundlesAnd();

/** An option of Node: imports more modules before the script. Preloaded by themselves, they would import the packages as installed. */
export function withBundlesAnd(...modules: readonly string[]): string {
  const imports = modules.map((path) => `await import(${JSON.stringify(pathToFileURL(path).href)});`);
  const code = `import { useBundledPackages } from ${JSON.stringify(bundles)}; useBundledPackages(); ${imports.join(' ')}`;
  return `--import=data:text/javascript,${encodeURIComponent(code)}`;
}
