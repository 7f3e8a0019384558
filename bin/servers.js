// Finds the servers for the tests of NATS, MongoDB and S3, or installs them below the user's cache folder, without root.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, cpSync, globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import process from 'node:process';

const NATS_VERSION = 'v2.10.29';
const FERRETDB_VERSION = 'v1.24.2';
const VERSITYGW_VERSION = 'v1.8.0';

export const serversFolder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'meridian', 'servers');

/** Folders of programs that may be missing from the PATH. */
const PLACES = [serversFolder, '/usr/sbin', '/usr/local/sbin', '/usr/local/go/bin'];

/** This process's PATH, followed by those folders. */
export const pathWithServers = [process.env.PATH, ...PLACES].join(delimiter);

/** @returns the path of the first program that exists */
function find(...names) {
  for (const name of names) {
    for (const folder of pathWithServers.split(delimiter).filter((one) => one !== '')) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // not in this folder
      }
    }
  }
  return undefined;
}

/** Runs a program with its output on standard error; returns whether it succeeded. */
function run(program, args, { cwd, env = {}, output = process.stderr } = {}) {
  const stdio = ['ignore', output, process.stderr];
  return spawnSync(program, args, { cwd, stdio, encoding: 'utf8', env: { ...process.env, ...env } });
}

const succeeds = (...given) => run(...given).status === 0;

function inTemporaryFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'meridian-servers-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Installs with Go; else from Debian's package, which is extracted and not installed, so that no service starts. */
function installNats() {
  const go = find('go');
  const isBuilt =
    go !== undefined &&
    succeeds(go, ['install', `github.com/nats-io/nats-server/v2@${NATS_VERSION}`], {
      cwd: tmpdir(),
      env: { GOBIN: serversFolder },
    });
  return isBuilt || (find('apt-get') !== undefined && inTemporaryFolder(unpackNats));
}

function unpackNats(folder) {
  const download = () => succeeds('apt-get', ['download', 'nats-server'], { cwd: folder });
  if (!download() && !(succeeds('apt-get', ['update']) && download())) {
    return false;
  }
  const [archive = ''] = globSync('nats-server_*.deb', { cwd: folder });
  if (!succeeds('dpkg-deb', ['--extract', archive, '.'], { cwd: folder })) {
    return false;
  }
  cpSync(join(folder, 'usr', 'sbin', 'nats-server'), join(serversFolder, 'nats-server'));
  return true;
}

/** Installs with Go. The version file is not part of the module, so it is built from a copy. */
function installFerretdb() {
  const go = find('go');
  if (go === undefined) {
    return false;
  }
  const download = ['mod', 'download', '-json', `github.com/FerretDB/FerretDB@${FERRETDB_VERSION}`];
  const { status, stdout } = run(go, download, { cwd: tmpdir(), output: 'pipe' });
  return (
    status === 0 &&
    inTemporaryFolder((folder) => {
      const source = join(folder, 'source');
      cpSync(JSON.parse(stdout).Dir, source, { recursive: true });
      succeeds('chmod', ['-R', 'u+w', source]);
      writeFileSync(join(source, 'build', 'version', 'version.txt'), `${FERRETDB_VERSION}\n`);
      const args = [
        'build',
        '-buildvcs=false',
        '-ldflags',
        '-s -w',
        '-o',
        join(serversFolder, 'ferretdb'),
        './cmd/ferretdb',
      ];
      return succeeds(go, args, { cwd: source });
    })
  );
}

/** Installs with Go. */
function installVersitygw() {
  const go = find('go');
  const module = `github.com/versity/versitygw/cmd/versitygw@${VERSITYGW_VERSION}`;
  return go !== undefined && succeeds(go, ['install', module], { cwd: tmpdir(), env: { GOBIN: serversFolder } });
}

const SERVERS = [
  {
    what: 'NATS',
    find: () => process.env.NATS_SERVER || find('nats-server'),
    install: installNats,
    advice: 'Install Go 1.23 or newer, or nats-server, or name one with NATS_SERVER.',
  },
  {
    what: 'MongoDB',
    find: () => find('mongod', 'ferretdb'),
    install: installFerretdb,
    advice: 'Install Go 1.23 or newer, which builds FerretDB, or put mongod or ferretdb on the PATH.',
  },
  {
    what: 'S3',
    find: () => find('versitygw'),
    install: installVersitygw,
    advice: 'Install Go 1.24 or newer, which builds versitygw, or put it on the PATH.',
  },
];

/** Prints the paths of the servers; returns whether all exist. */
function prepare() {
  mkdirSync(serversFolder, { recursive: true });
  let isComplete = true;
  for (const { what, find: findIt, install, advice } of SERVERS) {
    if (findIt() === undefined) {
      process.stderr.write(`Installing a server for ${what} in ${serversFolder}…\n`);
      install();
    }
    const path = findIt();
    if (path === undefined) {
      process.stderr.write(`Error: there is no server for the tests of ${what}. ${advice}\n`);
      isComplete = false;
    } else {
      process.stdout.write(`${what}: ${path}\n`);
    }
  }
  return isComplete;
}

if (process.argv[1] === import.meta.filename && !prepare()) {
  process.exit(1);
}
