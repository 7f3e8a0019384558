/** The log file: one JSON object a line, with time, level, database, record and outcome. */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import pino, { type Logger } from 'pino';
import { MeridianError, messageOf } from '../errors.ts';

export const LOG_FILE = join('logs', 'app.log');

export interface LogFile {
  readonly logger: Logger;
  close(): void;
}

/**
 * Every line is written at once, so that a process that is killed loses none.
 *
 * @param onFailure told once, when the file can be written no longer; the work goes on without it
 * @throws MeridianError `directory` when the file cannot be opened
 */
export function openLog(onFailure: (sentence: string) => void): LogFile {
  let file: number;
  try {
    mkdirSync(dirname(LOG_FILE), { recursive: true });
    file = openSync(LOG_FILE, 'a');
  } catch (error) {
    throw new MeridianError('directory', `The log ${LOG_FILE} cannot be written: ${messageOf(error)}.`, {
      cause: error,
    });
  }
  let isBroken = false;
  const write = (line: string) => {
    if (isBroken) {
      return;
    }
    try {
      writeSync(file, line);
    } catch (error) {
      isBroken = true;
      onFailure(`The log ${LOG_FILE} cannot be written any longer: ${messageOf(error)}.`);
    }
  };
  const logger = pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (level) => ({ level }) } },
    { write },
  );
  return { logger, close: () => closeSync(file) };
}
