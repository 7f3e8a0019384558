/** `npm run bench`: installs what only the benchmark needs, if that is missing, and runs it. */
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { HELP, type Options, parseOptions } from './options.ts';
import { bench } from './places.ts';

const WRONG_USAGE = 2;

function options(): Options {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`Error: ${(error as Error).message}\n\n${HELP}`);
    process.exit(WRONG_USAGE);
  }
}

function install(): void {
  const installed = join(bench, 'node_modules', '.package-lock.json');
  const wanted = join(bench, 'package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(wanted).mtimeMs) {
    return;
  }
  process.stderr.write('Installing what the benchmark compares with…\n');
  const { status } = spawnSync('npm', ['ci', '--prefix', bench], { cwd: bench, stdio: ['ignore', 2, 2] });
  if (status !== 0) {
    process.stderr.write('Error: npm ci in bench/ failed; the lines above say why.\n');
    process.exit(1);
  }
}

const given = options();
if (given.help) {
  process.stdout.write(HELP);
} else {
  install();
  // not before: it imports what has just been installed
  const { measure } = await import('./measure.ts');
  process.exitCode = await measure(given);
}
