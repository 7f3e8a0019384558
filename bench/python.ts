/** The tools of Python that Meridian is compared with, in an environment of their own, installed when first asked for. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { data } from './places.ts';

/** DuckDB downloads its extensions from a server of its own; the third package brings the one that is needed, for that version only. */
const PACKAGES = { 'sqlite-utils': '4.2.1', duckdb: '1.4.4', 'duckdb-ext-sqlite': '1.4.4.20260205' };

const environment = join(data, 'python');
export const python = join(environment, 'bin', 'python');

const wanted = Object.entries(PACKAGES).map(([name, version]) => `${name}==${version}`);
/** Written when all of them are there. */
const mark = join(environment, wanted.join('+'));

let problem: string | undefined;
let isTried = false;

/** @returns why the tools cannot be used here; nothing when they can */
export function pythonUnavailable(): string | undefined {
  if (!isTried) {
    isTried = true;
    problem = existsSync(mark) ? undefined : install();
  }
  return problem;
}

/** Package -> version, of those that take part. */
export function pythonVersions(): Record<string, string> {
  return existsSync(mark) ? PACKAGES : {};
}

function install(): string | undefined {
  mkdirSync(data, { recursive: true });
  rmSync(environment, { recursive: true, force: true });
  const made = spawnSync('python3', ['-m', 'venv', environment], { encoding: 'utf8' });
  if (made.status !== 0) {
    return `python3 cannot make an environment for it${lastLine(made.stderr ?? '')}`;
  }
  const installed = spawnSync(python, ['-m', 'pip', 'install', '--quiet', ...wanted], { encoding: 'utf8' });
  if (installed.status !== 0) {
    return `pip cannot install ${wanted.join(', ')}${lastLine(installed.stderr)}`;
  }
  writeFileSync(mark, '');
  return undefined;
}

function lastLine(output: string): string {
  const line = output.trim().split('\n').at(-1) ?? '';
  return line === '' ? '' : ` (${line})`;
}
