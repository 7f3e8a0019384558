/** What the figures were measured on: machine and versions. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, version as kernel, totalmem, type } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { withoutPassword } from './options.ts';
import { bench, root } from './places.ts';
import { pythonVersions } from './python.ts';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly system: string;
}

export function machine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    system: `${distribution() ?? type()}, ${kernel()}`,
  };
}

/** The first line of what `<command> --version` prints; undefined when there is no such command. */
export function commandVersion(command: string): string | undefined {
  const { status, stdout } = spawnSync(command, ['--version'], { encoding: 'utf8' });
  return status === 0 ? stdout.split('\n')[0]?.trim() : undefined;
}

/** What has started this process, without passwords. */
export function commandLine(): string {
  return ['npm run bench --', ...process.argv.slice(2).map(withoutPassword)].join(' ');
}

/** Name -> version of everything that takes part. */
export function versions(): Record<string, string> {
  const peers = Object.keys(readJson(join(bench, 'package.json')).dependencies ?? {}).filter(
    (name) => !name.startsWith('@types/'),
  );
  const installed = (name: string) => readJson(join(bench, 'node_modules', name, 'package.json')).version ?? '';
  const commit = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' });
  return {
    Meridian: [readJson(join(root, 'package.json')).version, commit.stdout?.trim()].filter(Boolean).join(', commit '),
    'Node.js': process.versions.node,
    sqlite3: commandVersion('sqlite3')?.split(' ')[0] ?? 'none',
    psql: commandVersion('psql')?.replace(/^\D+/, '') ?? 'none',
    ...pythonVersions(),
    ...Object.fromEntries(peers.map((name) => [name, installed(name)])),
  };
}

function readJson(file: string): { version?: string; dependencies?: Record<string, string> } {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function distribution(): string | undefined {
  try {
    return /^PRETTY_NAME="?([^"\n]+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}
