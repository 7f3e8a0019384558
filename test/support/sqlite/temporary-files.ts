/** The temporary files that SQLite has open in this process; it has removed their names. */
import { existsSync, lstatSync, readdirSync, readlinkSync } from 'node:fs';

const FILES = '/proc/self/fd';

/** Whether this system shows which files are open. */
export const showsFiles = existsSync(FILES);

export function temporaryFiles(): string[] {
  return readdirSync(FILES)
    .map((descriptor) => `${FILES}/${descriptor}`)
    .filter((path) => lstatSync(path, { throwIfNoEntry: false }) !== undefined)
    .map((path) => readlinkSync(path))
    .filter((file) => file.includes('etilqs_'));
}
