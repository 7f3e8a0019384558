/** The log file: one JSON object a line, with time, level, database, record and outcome. */
import { closeSync, mkdirSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import pino, { type Logger } from 'pino';
import { environment } from '../../shared/environment.ts';
import { MeridianError, messageOf } from '../../shared/errors.ts';
import { openForAppending } from '../../shared/files/create-file.ts';

/** Lines are written together, and before they are many: those that are kept for long have to be moved by the garbage collection. */
const WRITTEN_CHARACTERS = 65_536;

export const LOG_FILE = join('logs', 'app.log');

export interface LogFile {
  readonly logger: Logger;
  /** Logs members that are JSON already, such as `"status":200,"msg":"request"`: the logger takes longer for a line than a server for a request. */
  info(members: string): void;
  /** The same for warnings, such as those about millions of rejected records. */
  warn(members: string): void;
  /** Writes what has been logged since the last time; done after each batch, so that a killed process loses little. */
  flush(): void;
  close(): void;
}

/**
 * @param onFailure called once, when the file can no longer be written; the work continues without it
 * @param path of the file, `logs/app.log` unless it is given
 * @throws MeridianError `directory` when the file cannot be opened
 */
export function openLog(onFailure: (sentence: string) => void, path = LOG_FILE): LogFile {
  let file: number;
  try {
    mkdirSync(dirname(path), { recursive: true });
    file = openForAppending(path);
  } catch (error) {
    throw new MeridianError('directory', `The log ${path} cannot be written: ${messageOf(error)}.`, {
      cause: error,
    });
  }
  let isBroken = false;
  let lines: string[] = [];
  let characters = 0;
  const flush = () => {
    const text = lines.join('');
    lines = [];
    characters = 0;
    if (isBroken || text === '') {
      return;
    }
    try {
      writeSync(file, text);
    } catch (error) {
      isBroken = true;
      onFailure(`The log ${path} cannot be written any longer: ${messageOf(error)}.`);
    }
  };
  const write = (line: string) => {
    lines.push(line);
    characters += line.length;
    if (characters > WRITTEN_CHARACTERS) {
      flush();
    }
  };
  const timeMember = loggedTime();
  const logger = pino({ base: null, timestamp: timeMember, formatters: { level: (level) => ({ level }) } }, { write });
  return {
    logger,
    info: (members) => write(`{"level":"info"${timeMember()},${members}}\n`),
    warn: (members) => write(`{"level":"warn"${timeMember()},${members}}\n`),
    flush,
    close() {
      flush();
      closeSync(file);
    },
  };
}

/** @returns gives the member with the current time, written once for all lines of a millisecond */
function loggedTime(): () => string {
  let written = { milliseconds: Number.NaN, member: '' };
  return () => {
    const milliseconds = environment().now();
    if (milliseconds !== written.milliseconds) {
      written = { milliseconds, member: `,"time":"${new Date(milliseconds).toISOString()}"` };
    }
    return written.member;
  };
}
