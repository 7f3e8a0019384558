// Tests a running server against its OpenAPI description: Schemathesis on the shop with sample data, in a separate folder.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';

const VERSION = '4.32.5';

const root = dirname(import.meta.dirname);
const environment = join(
  process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'),
  'meridian',
  `schemathesis-${VERSION}`,
);
const program = join(environment, 'bin', 'st');

/** Installs into a virtual environment, as Debian's Python requires. @returns why the installation failed */
function install() {
  if (existsSync(program)) {
    return undefined;
  }
  const stdio = ['ignore', process.stderr, process.stderr];
  const made =
    spawnSync('python3', ['-m', 'venv', environment], { stdio }).status === 0 &&
    spawnSync(join(environment, 'bin', 'pip'), ['install', '--quiet', `schemathesis==${VERSION}`], { stdio }).status ===
      0;
  if (made) {
    return undefined;
  }
  rmSync(environment, { recursive: true, force: true });
  return 'Python 3 with venv, and a registry that has Schemathesis, are needed';
}

/** The environment of the shop, without the caller's databases. */
function ownEnvironment() {
  const names = Object.entries(process.env).filter(([name]) => !/_DATABASE_URL(_|$)|^REGIONS?$|^NATS_/.test(name));
  return { ...Object.fromEntries(names), REGIONS: 'boston,denver' };
}

const meridian = [join(root, 'bin', 'meridian.js'), '--config', join(root, 'meridian.config.ts')];

/** Fills every store. */
const COMMANDS = [
  'populate',
  'stock receive --region boston --product 1 --quantity 5',
  'order place --region boston --user 1 --item 1x2 --key first',
  'sync',
];

/** @returns whether it succeeded */
function run(folder, command) {
  const options = { cwd: folder, env: ownEnvironment(), stdio: ['ignore', 'ignore', 'inherit'] };
  return spawnSync(process.execPath, [...meridian, ...command.split(' '), '--quiet'], options).status === 0;
}

/** @returns the address of a server, and a function that stops it */
async function serve(folder) {
  const server = spawn(process.execPath, [...meridian, 'serve', '--port', '0', '--json'], {
    cwd: folder,
    env: ownEnvironment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => server.on('exit', resolve));
  const first = new Promise((resolve) => createInterface({ input: server.stdout }).once('line', resolve));
  const line = await Promise.race([first, ended.then(() => undefined)]);
  return {
    url: line === undefined ? undefined : JSON.parse(line).url,
    async stop() {
      server.kill('SIGTERM');
      await ended;
    },
  };
}

/** @param more more options of Schemathesis @returns its exit code */
async function compare(more) {
  const folder = mkdtempSync(join(tmpdir(), 'meridian-schemathesis-'));
  try {
    const isFilled = COMMANDS.every((command) => run(folder, command));
    const server = isFilled ? await serve(folder) : {};
    if (server.url === undefined) {
      process.stderr.write('The server did not start.\n');
      return 1;
    }
    const config = join(root, 'test', 'http', 'schemathesis.toml');
    // clients normalize such a path, and so request another one
    const options = ['--phases', 'coverage,fuzzing', '--exclude-path', '/api/tokens/{token}', ...more];
    const args = ['--config-file', config, 'run', `${server.url}/openapi.json`, ...options];
    const comparison = spawn(program, args, { cwd: folder, stdio: 'inherit' });
    const code = await new Promise((resolve) => comparison.on('exit', resolve));
    await server.stop();
    return code ?? 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const [command, ...more] = process.argv.slice(2);
const problem = install();
if (problem !== undefined) {
  process.stderr.write(`Schemathesis is not there: ${problem}.\n`);
  process.exitCode = 1;
} else if (command !== 'install') {
  process.exitCode = await compare(command === undefined ? [] : [command, ...more]);
}
