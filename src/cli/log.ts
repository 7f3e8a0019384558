/** The log file: one JSON object a line, with time, level, database, record and outcome. */
import { join } from 'node:path';
import pino, { type Logger } from 'pino';
import { MeridianError, messageOf } from '../errors.ts';

export const LOG_FILE = join('logs', 'app.log');

/** How much is held back to write it at once. */
const BUFFER_BYTES = 8 * 1024;

export interface LogFile {
  readonly logger: Logger;
  close(): void;
}

/** @throws MeridianError `directory` when the file cannot be written */
export function openLog(): LogFile {
  try {
    const destination = pino.destination({
      dest: LOG_FILE,
      mkdir: true,
      append: true,
      sync: true,
      minLength: BUFFER_BYTES,
    });
    const logger = pino(
      { base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (level) => ({ level }) } },
      destination,
    );
    return { logger, close: () => destination.flushSync() };
  } catch (error) {
    throw new MeridianError('directory', `The log ${LOG_FILE} cannot be written: ${messageOf(error)}.`, {
      cause: error,
    });
  }
}
