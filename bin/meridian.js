#!/usr/bin/env node
// Meridian's command line. Modules that an older Node cannot parse are imported only after the version check.
import { readFileSync } from 'node:fs';
import process from 'node:process';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 17)) {
  const [command, ...args] = process.argv.slice(2);
  if (command === 'init' && (await (await import('./old-node.js')).offerNode(args))) {
    process.exit(0);
  }
  process.stderr.write(
    `Error: Meridian needs Node.js 22.17 or newer, and this is ${process.version}. ` +
      'Install one beside your other packages with npm i -D node@24, and start Meridian with npx meridian or an npm script, which use it.\n',
  );
  process.exit(1);
}

if (process.argv.length === 3 && process.argv[2] === '--version') {
  // printed at once, without importing the program
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  process.stdout.write(`${version}\n`);
} else {
  await import('./start.js');
}
