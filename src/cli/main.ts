/** The command line. */
import process from 'node:process';
import { bundles, ownBundles, redirectionsOf, useBundledPackages } from '../shared/bundled-packages.ts';

// with --verbose, modules are loaded instead of bundles, so that stack traces name them
const own = process.argv.includes('--verbose') ? [] : ownBundles();
useBundledPackages(redirectionsOf(bundles(), own));
const { start } = await import('./start.ts');
await start(process.argv.slice(2));
