/** What a load leaves that is killed. */
import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { expect } from '@jest/globals';
import { WITH_BUNDLES } from './bundled.ts';
import { isThorough } from './depth.ts';
import { type DyingLoad, dyingLoad } from './dying-load.ts';
import { makeFolder, writeIn } from './folder.ts';

/**
 * In `npm run test:all`, a process is killed. `npm test` loads files of SQLite in this process: as SQLite writes only while it runs a
 * statement, what a kill would leave is copied at that moment, and put back when the load has ended.
 *
 * @param environment names databases that are not in the folder
 */
export async function killedLoad(dying: DyingLoad, environment: NodeJS.ProcessEnv = {}): Promise<void> {
  if (isThorough()) {
    const file = writeIn(makeFolder(), 'dying.json', JSON.stringify(dying));
    const script = join(import.meta.dirname, 'killed-populate.js');
    const { signal, stderr } = spawnSync(process.execPath, [WITH_BUNDLES, script, file], {
      encoding: 'utf8',
      env: { ...process.env, ...environment },
    });
    expect({ signal, stderr }).toEqual({ signal: 'SIGKILL', stderr: '' });
    return;
  }
  const left = makeFolder();
  const stopping = new AbortController();
  const die = () => {
    if (!stopping.signal.aborted) {
      copyFolder(dying.folder, left);
      stopping.abort();
    }
  };
  await dyingLoad(dying, die, stopping.signal);
  expect(stopping.signal.aborted).toBe(true);
  rmSync(dying.folder, { recursive: true });
  copyFolder(left, dying.folder);
}

function copyFolder(from: string, to: string): void {
  cpSync(from, to, { recursive: true, preserveTimestamps: true });
}
