/** Counts events by region and prints the sums once a second, since a busy region has many batches per second. */
import { setTimer } from '../../shared/environment.ts';
import { countOf } from './format.ts';
import { type Output } from './terminal.ts';

const REPORT_MILLISECONDS = 1000;

export interface Tally {
  add(region: string, events: number): void;
  /** Prints the counts since the last time. */
  end(): void;
}

/** @param done a verb for the counted events, such as `shipped`; also the key in JSON */
export function startTally(output: Output, done: string): Tally {
  const counts = new Map<string, number>();
  const report = () => {
    for (const [region, events] of counts) {
      output.say(`${region}: ${countOf(events, 'event')} ${done}`);
      output.jsonLine({ region, [done]: events });
    }
    counts.clear();
  };
  const cancelTimer = setTimer(REPORT_MILLISECONDS, report, { repeat: true });
  return {
    add: (region, events) => counts.set(region, (counts.get(region) ?? 0) + events),
    end() {
      cancelTimer();
      report();
    },
  };
}
