/** Progress of several loads at once: a bar each in a terminal, plain lines elsewhere. */
import process from 'node:process';
import { MultiBar, type SingleBar } from 'cli-progress';
import type { Progress } from '../../populate/read/source.ts';
import { monotonic } from '../../shared/environment.ts';
import { countOf, formatNumber } from './format.ts';
import { Pace } from './pace.ts';
import { type Output } from './terminal.ts';

export interface ProgressDisplay {
  /** A run is continued that has read so many records. */
  continuedAfter(database: string, read: number): void;
  started(database: string, progress: Progress): void;
  progressed(database: string, progress: Progress, read: number): void;
  loaded(database: string): void;
  /** Prints a message between redraws of the bars, even with --quiet. */
  complain(sentence: string): void;
  stop(): void;
}

/** The interval of progress lines where no bar is drawn. */
const LINE_SECONDS = 2;

/** @param areKnown whether `databases` is complete; where more may follow, lines are clearer than bars */
export function progressDisplay(output: Output, databases: readonly string[], areKnown = true): ProgressDisplay {
  return output.isInteractive && areKnown ? bars(output, databases) : lines(output);
}

function bars(output: Output, databases: readonly string[]): ProgressDisplay {
  const width = Math.max(...databases.map(({ length }) => length));
  const draw = () =>
    new MultiBar({
      format: '{database} {bar} {percentage}%  {read} records  {pace}',
      barCompleteChar: '█',
      barIncompleteChar: '░',
      barsize: 30,
      // a killed process would leave the cursor hidden
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

function lines(output: Output): ProgressDisplay {
  const state = new Map<string, { read: number; reportedAt: number; pace: Pace }>();
  const before = new Map<string, number>();
  return {
    continuedAfter: (database, read) => before.set(database, read),
    started: (database, { bytesRead }) =>
      state.set(database, {
        read: 0,
        reportedAt: monotonic(),
        pace: new Pace(bytesRead, before.get(database)),
      }),
    progressed(database, { bytesRead, bytesTotal }, read) {
      const known = state.get(database) ?? {
        read,
        reportedAt: monotonic(),
        pace: new Pace(bytesRead, before.get(database)),
      };
      const pace = known.pace.text({ bytesRead, bytesTotal }, read);
      const isDue = monotonic() - known.reportedAt >= LINE_SECONDS * 1000;
      if (isDue) {
        const share = bytesTotal ? ` (${Math.floor((100 * bytesRead) / bytesTotal)}%)` : '';
        output.note(`${database}: ${countOf(read, 'record')}${share}${pace === '' ? '' : `, ${pace}`}`);
      }
      state.set(database, { ...known, read, reportedAt: isDue ? monotonic() : known.reportedAt });
    },
    loaded: (database) => output.note(`${database}: ${countOf(state.get(database)?.read ?? 0, 'record')} read`),
    complain: (sentence) => output.complain(sentence),
    stop: () => undefined,
  };
}
