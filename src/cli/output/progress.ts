/** Displays the progress of concurrent loads: bars in a terminal, plain lines elsewhere. */
import { monotonic } from '../../shared/environment.ts';
import { countOf } from './format.ts';
import { Pace } from './pace.ts';
import type { ProgressDisplay } from './progress-display.ts';
import type { Output } from './terminal.ts';

/** The interval of progress lines where no bars are drawn. */
const LINE_SECONDS = 2;

/** @param areKnown whether `databases` is complete; if more may follow, lines are clearer than bars */
export async function progressDisplay(
  output: Output,
  databases: readonly string[],
  areKnown = true,
): Promise<ProgressDisplay> {
  if (!output.isInteractive || !areKnown) {
    return lines(output);
  }
  const { bars } = await import('./progress-bars.ts');
  return bars(output, databases);
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
