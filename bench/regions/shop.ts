/** What there is before anything is measured: users, products, and a region with stock; made by Meridian itself. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { meridian, runs } from '../places.ts';
import { run } from '../process.ts';
import { runProgram } from './program.ts';
import { PRODUCTS } from './requests.ts';

/** @returns the folder; of SQLite files, unless `env` names other places */
export async function makeShop(seed: number, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const folder = mkdtempSync(join(runs, 'shop-'));
  const command = (...args: string[]) =>
    run({ command: process.execPath, args: [meridian, ...args, '--quiet'], env }, folder);
  await command('generate', '--out', folder, '--count', String(PRODUCTS), '--seed', String(seed));
  await command('populate', '--users', join(folder, 'users.csv'), '--products', join(folder, 'products.csv'));
  await runProgram('stock', {}, { folder, env });
  return folder;
}

/** Works on a copy of a folder, which is gone afterwards. */
export async function inCopy<T>(folder: string, work: (copy: string) => Promise<T>): Promise<T> {
  const copy = mkdtempSync(join(runs, 'run-'));
  try {
    cpSync(folder, copy, { recursive: true });
    return await work(copy);
  } finally {
    rmSync(copy, { recursive: true });
  }
}
