/** The command line. */
import process from 'node:process';
import { useBundledPackages } from '../shared/bundled-packages.ts';

useBundledPackages();
const { start } = await import('./start.ts');
await start(process.argv.slice(2));
