/** The figures that regions are meant to reach, and what was measured of them. */
import type { Aim } from '../aims.ts';
import { whole } from '../markdown.ts';
import type { Findings } from './findings.ts';

const PLACING_RATIO = 0.6;
const EVENTS_PER_SECOND = 20_000;
const BACKLOG_RATIO = 0.8;
const LAG_MILLISECONDS = 20;
const NATS_EVENTS_PER_SECOND = 10_000;
const NATS_LAG_MILLISECONDS = 50;
const PGBENCH_RATIO = 0.5;

/** Only those that this benchmark has measured. */
export function aims({ placing = [], draining, lag, nats, clients }: Findings): Aim[] {
  const found: Aim[] = [];
  const atLeast = (figure: string, asked: number, measured: number) =>
    found.push({
      figure,
      asked: `at least ${asked.toFixed(1)} ×`,
      measured: `${measured.toFixed(2)} ×`,
      isReached: measured >= asked,
    });
  for (const { items, ratio } of placing) {
    atLeast(
      `orders of ${productsOf(items)} a second on SQLite, relative to better-sqlite3 by hand`,
      PLACING_RATIO,
      ratio,
    );
  }
  if (draining) {
    for (const { events, eventsPerSecond } of [draining.small, draining.large]) {
      found.push({
        figure: `events a second to central, of a backlog of ${whole(events)}`,
        asked: `at least ${whole(EVENTS_PER_SECOND)}`,
        measured: whole(eventsPerSecond.median),
        isReached: eventsPerSecond.median >= EVENTS_PER_SECOND,
      });
    }
    const { small, large, ratio } = draining;
    atLeast(`events a second of ${whole(large.events)}, relative to ${whole(small.events)}`, BACKLOG_RATIO, ratio);
  }
  if (lag) {
    const { p50 } = lag.milliseconds;
    found.push({
      figure: 'from commit in an idle region to commit in central, half of all orders',
      asked: `under ${LAG_MILLISECONDS} ms`,
      measured: `${p50.toFixed(1)} ms`,
      isReached: p50 < LAG_MILLISECONDS,
    });
  }
  if (nats && 'drains' in nats) {
    const { median } = nats.eventsPerSecond;
    found.push({
      figure: 'events a second to central through NATS',
      asked: `at least ${whole(NATS_EVENTS_PER_SECOND)}`,
      measured: whole(median),
      isReached: median >= NATS_EVENTS_PER_SECOND,
    });
    const { p50 } = nats.lag.milliseconds;
    found.push({
      figure: 'from commit in an idle region to commit in central through NATS, half of all orders',
      asked: `under ${NATS_LAG_MILLISECONDS} ms`,
      measured: `${p50.toFixed(1)} ms`,
      isReached: p50 < NATS_LAG_MILLISECONDS,
    });
  }
  if (clients && 'lines' in clients) {
    // the first is pgbench itself
    for (const { title, ratio } of clients.lines.slice(1)) {
      const figure = `orders a second of ${clients.clients} clients on PostgreSQL, relative to pgbench (${title})`;
      atLeast(figure, PGBENCH_RATIO, ratio);
    }
  }
  return found;
}

export function productsOf(items: number): string {
  return items === 1 ? '1 product' : `${items} products`;
}
