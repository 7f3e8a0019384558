/** Progress bars of concurrent loads in a terminal. */
import process from 'node:process';
import { MultiBar, type SingleBar } from 'cli-progress';
import { formatNumber } from './format.ts';
import { Pace } from './pace.ts';
import type { ProgressDisplay } from './progress-display.ts';
import type { Output } from './terminal.ts';

export function bars(output: Output, databases: readonly string[]): ProgressDisplay {
  const width = Math.max(...databases.map(({ length }) => length));
  const draw = () =>
    new MultiBar({
      format: '{database} {bar} {percentage}%  {read} records  {pace}',
      barCompleteChar: '█',
      barIncompleteChar: '░',
      barsize: 30,
      // otherwise a killed process leaves the cursor hidden
      hideCursor: false,
      stream: process.stderr,
      emptyOnZero: true,
    });
  // created on first use, because even an empty MultiBar writes a line when it is stopped
  let multi: MultiBar | undefined;
  const byDatabase = new Map<string, SingleBar>();
  const paces = new Map<string, Pace>();
  const before = new Map<string, number>();
  return {
    continuedAfter: (database, read) => before.set(database, read),
    started(database, { bytesRead, bytesTotal }) {
      multi ??= draw();
      const bar = multi.create(bytesTotal ?? 0, 0, { database: database.padEnd(width), read: '0', pace: '' });
      byDatabase.set(database, bar);
      paces.set(database, new Pace(bytesRead, before.get(database)));
    },
    progressed(database, { bytesRead, bytesTotal }, read) {
      const bar = byDatabase.get(database);
      // the size of standard input is unknown: the bar shows what has been read so far
      bar?.setTotal(bytesTotal ?? bytesRead);
      const pace = paces.get(database)?.text({ bytesRead, bytesTotal }, read) ?? '';
      bar?.update(bytesRead, { read: formatNumber(read), pace });
    },
    loaded(database) {
      byDatabase.get(database)?.stop();
    },
    complain(sentence) {
      if (multi) {
        multi.log(`${sentence}\n`);
      } else {
        output.complain(sentence);
      }
    },
    stop: () => multi?.stop(),
  };
}
