// `meridian init` on a Node version that is too old for MikroORM: offers the npm package `node`, which installs a newer one for this
// project.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';

const VERSION = '^24.0.0';
const FILE = join(process.cwd(), 'package.json');

/** @returns whether the package was added, or is listed already */
export async function offerNode(args) {
  const text = existsSync(FILE) ? readFileSync(FILE, 'utf8') : '{ "private": true, "type": "module" }';
  const manifest = JSON.parse(text);
  if (manifest.dependencies?.node || manifest.devDependencies?.node) {
    process.stderr.write('The npm package node is in package.json. Run npm install, then npx meridian init again.\n');
    return true;
  }
  if (!args.includes('--yes') && !(await confirm())) {
    return false;
  }
  manifest.devDependencies = { ...manifest.devDependencies, node: VERSION };
  writeFileSync(FILE, `${JSON.stringify(manifest, null, 2)}\n`);
  process.stderr.write(
    `Added the npm package node ${VERSION} to the development dependencies in package.json, for this Node is ${process.version}. ` +
      'Run npm install, then npx meridian init again.\n',
  );
  return true;
}

function confirm() {
  if (!process.stdin.isTTY) {
    return Promise.resolve(false);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const question = `Meridian needs Node.js 22.17 or newer, and this is ${process.version}. Add the npm package node ${VERSION} to this project? (Y/n) `;
  return new Promise((resolve) => {
    terminal.question(question, (answer) => {
      terminal.close();
      resolve(!/^n/i.test(answer.trim()));
    });
    terminal.on('close', () => resolve(false));
  });
}
