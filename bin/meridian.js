#!/usr/bin/env node
// Meridian's command line. What an older Node cannot even read is imported only after it has been turned away.
import process from 'node:process';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 17)) {
  process.stderr.write(
    `Error: Meridian needs Node.js 22.17 or newer, and this is ${process.version}. Start it with npx meridian or npm run, which use the Node that npm ci installed.\n`,
  );
  process.exit(1);
}

await import('./start.js');
