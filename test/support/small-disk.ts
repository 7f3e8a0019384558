/** A file system with little room, where this user may mount one. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import process from 'node:process';

/** Works with so much room at `directory`, until it makes more. Says why where that is not possible. */
export async function onSmallDisk(
  directory: string,
  kibibytes: number,
  work: (makeRoom: () => void) => Promise<void>,
): Promise<void> {
  mkdirSync(directory, { recursive: true });
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'tmpfs', directory]);
  if (status !== 0) {
    process.stderr.write('Skipped: this user may not mount a small file system here.\n');
    return;
  }
  try {
    await work(() => execFileSync('mount', ['-o', 'remount,size=200m', directory]));
  } finally {
    execFileSync('umount', [directory]);
  }
}
