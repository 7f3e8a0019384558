/** A folder for temporary files that goes with the process, even when that exits in the middle of a load. */
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

export interface Scratch {
  readonly folder: string;
  remove(): Promise<void>;
}

export async function openScratch(): Promise<Scratch> {
  const folder = await mkdtemp(join(tmpdir(), 'meridian-'));
  const options = { recursive: true, force: true };
  // an interrupted command leaves at once, and nothing that is awaited happens any more
  const removeNow = () => rmSync(folder, options);
  process.once('exit', removeNow);
  return {
    folder,
    async remove() {
      process.off('exit', removeNow);
      await rm(folder, options);
    },
  };
}
