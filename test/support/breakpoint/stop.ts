/** The breakpoint as the command sees it: imported into its process by the modules beside this one. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

/** Names the folder of the files by which the command and the test communicate. */
export const FOLDER_VARIABLE = 'MERIDIAN_TEST_BREAKPOINT';
export const REACHED = 'reached';
export const RESUMED = 'resumed';

const POLL_MILLISECONDS = 5;

const parent = process.ppid;

/** Blocks this thread until the test resumes it, or is gone. Later calls do nothing. */
export function stop(): void {
  const folder = process.env[FOLDER_VARIABLE] ?? '';
  writeFileSync(join(folder, REACHED), '');
  const never = new Int32Array(new SharedArrayBuffer(4));
  while (!existsSync(join(folder, RESUMED)) && process.ppid === parent) {
    Atomics.wait(never, 0, 0, POLL_MILLISECONDS);
  }
}
