/** `.env`: the variables of a working directory. */
import { lstatSync, readFileSync, statSync } from 'node:fs';
import process from 'node:process';
import { parseEnv, TextDecoder } from 'node:util';
import { MeridianError, messageOf } from './errors.ts';

const FILE = '.env';

/**
 * Sets the variables that `.env` in the working directory names, if there is such a file; those that are set already win.
 *
 * @throws MeridianError `usage` for a file that cannot be read, for without it databases would be looked for elsewhere
 */
export function readEnvironmentFile(): void {
  if (lstatSync(FILE, { throwIfNoEntry: false }) === undefined) {
    return;
  }
  for (const [name, value] of Object.entries(parseEnv(decode(readBytes())))) {
    process.env[name] ??= value;
  }
}

function readBytes(): Uint8Array {
  try {
    if (statSync(FILE).isDirectory()) {
      throw refused('is a directory. Put a file in its place, or remove it');
    }
    return readFileSync(FILE);
  } catch (error) {
    throw error instanceof MeridianError
      ? error
      : refused(`cannot be read (${messageOf(error)}). Give this user permission to read it, or remove it`, error);
  }
}

/** Without a byte order mark, which would become a part of the first name. */
function decode(bytes: Uint8Array): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0')) {
      return text;
    }
  } catch (error) {
    throw notText(error);
  }
  throw notText();
}

function notText(cause?: unknown): MeridianError {
  return refused('is not UTF-8 text. Save it in that encoding', cause);
}

function refused(what: string, cause?: unknown): MeridianError {
  const options = cause === undefined ? undefined : { cause };
  return new MeridianError('usage', `${FILE} in ${process.cwd()} ${what}.`, options);
}
