/** The period of a report. */
import { MeridianError } from '../../../index.ts';
import { canonicalInstant } from '../../../types.ts';

/** Canonical instants, both inclusive; without one, there is no limit on that side. */
export interface Period {
  readonly from?: string;
  readonly to?: string;
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Parses the ends of a period: dates, which mean whole days in UTC, or times with a zone.
 *
 * @throws MeridianError `usage` for invalid text, and for an end before the beginning
 */
export function periodOf(texts: { readonly from?: string; readonly to?: string }): Period {
  const from = texts.from === undefined ? undefined : instantOf('--from', texts.from, 'T00:00:00.000Z');
  const to = texts.to === undefined ? undefined : instantOf('--to', texts.to, 'T23:59:59.999Z');
  if (from !== undefined && to !== undefined && from > to) {
    throw new MeridianError('usage', `--from ${texts.from} is after --to ${texts.to}. Exchange the two.`);
  }
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

function instantOf(option: string, text: string, timeOfDay: string): string {
  const trimmed = text.trim();
  const instant = canonicalInstant(DATE.test(trimmed) ? `${trimmed}${timeOfDay}` : trimmed);
  if (instant === undefined) {
    throw new MeridianError(
      'usage',
      `${option} takes a date such as 2010-12-01, or a time with a zone such as 2010-12-01T08:26:00Z, not "${text}".`,
    );
  }
  return instant;
}
