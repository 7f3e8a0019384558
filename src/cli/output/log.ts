/** The log file: one JSON object per line, with time, level, database, record and outcome. */
import { closeSync, mkdirSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import pino, { type Logger } from 'pino';
import { environment } from '../../shared/environment.ts';
import { MeridianError, messageOf } from '../../shared/errors.ts';
import { openForAppending } from '../../shared/files/create-file.ts';

/** Lines are buffered up to this size. A larger buffer would survive garbage collections, which would have to move it. */
const WRITTEN_CHARACTERS = 65_536;

export const LOG_FILE = join('logs', 'app.log');

export interface LogFile {
  readonly logger: Logger;
  /**
   * Logs serialized members, such as `"status":200,"msg":"request"`: the logger would take longer for a line than the server for a request.
   */
  info(members: string): void;
  /** Logs serialized members as a warning, such as those about millions of rejected records. */
  warn(members: string): void;
  /** Writes the buffered lines. Called after each batch, so that a killed process loses few. */
  flush(): void;
  close(): void;
}

/**
 * @param onFailure called once, when the file can no longer be written; the work continues without the log
 * @param path of the file (default: `logs/app.log`)
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

/** @returns a function that returns the member with the current time, which is formatted once per millisecond */
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
