/** Reads `.env`, the environment variables of a working directory or project. */
import { lstatSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parseEnv, TextDecoder } from 'node:util';
import { MeridianError, messageOf } from './errors.ts';

const FILE = '.env';

const NOT_TEXT = 'is not UTF-8 text. Save it in that encoding';

/**
 * Sets the variables of the `.env` file in a folder, if there is one. Variables that are already set take precedence.
 *
 * @param change transforms a value
 * @throws MeridianError `usage` for a file that cannot be read: without it, the program would look for databases in the wrong place
 */
export function readEnvironmentFile(
  folder: string = process.cwd(),
  change: (name: string, value: string) => string = (_, value) => value,
): void {
  const file = join(folder, FILE);
  if (lstatSync(file, { throwIfNoEntry: false }) === undefined) {
    return;
  }
  const refused: Refuse = (what, cause) =>
    new MeridianError('usage', `${FILE} in ${folder} ${what}.`, cause === undefined ? undefined : { cause });
  for (const [name, value = ''] of Object.entries(parseEnv(decode(readBytes(file, refused), refused)))) {
    process.env[name] ??= change(name, value);
  }
}

type Refuse = (what: string, cause?: unknown) => MeridianError;

function readBytes(file: string, refused: Refuse): Uint8Array {
  try {
    if (statSync(file).isDirectory()) {
      throw refused('is a directory. Put a file in its place, or remove it');
    }
    return readFileSync(file);
  } catch (error) {
    throw error instanceof MeridianError
      ? error
      : refused(`cannot be read (${messageOf(error)}). Give this user permission to read it, or remove it`, error);
  }
}

/** Drops the byte order mark, which would become part of the first name. */
function decode(bytes: Uint8Array, refused: Refuse): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0')) {
      return text;
    }
  } catch (error) {
    throw refused(NOT_TEXT, error);
  }
  throw refused(NOT_TEXT);
}
