/** The clock that SQLite reads is that of the machine of its process. */
import type { DiskConnection } from '../../../src/shared/environment.ts';
import type { Clock } from '../kernel/clock.ts';

/** The one format that Meridian asks for. */
const FORMAT = '%Y-%m-%dT%H:%M:%fZ';
const SECONDS = /^(-?\d+(?:\.\d+)?) seconds$/;

/** Replaces the function of SQLite that knows what time it is. */
export function asSqliteClock(connection: DiskConnection, clock: Clock): void {
  connection.function('strftime', { varargs: true }, (format, time, modifier = '0 seconds') => {
    const [, seconds] = SECONDS.exec(String(modifier)) ?? [];
    if (format !== FORMAT || time !== 'now' || seconds === undefined) {
      throw new Error(`The simulation knows no strftime(${format}, ${time}, ${modifier}).`);
    }
    return new Date(clock.now() + Number(seconds) * 1000).toISOString();
  });
}
