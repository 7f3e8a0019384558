/** Converts dates and times of a Parquet file to ISO 8601, with as many digits of the second as are stored. */

export type TimeUnit = 'MILLIS' | 'MICROS' | 'NANOS';

const PER_SECOND: Readonly<Record<TimeUnit, bigint>> = { MILLIS: 1000n, MICROS: 1_000_000n, NANOS: 1_000_000_000n };

/** @param days since 1970 */
export function dayText(days: number): string {
  return isoOf(days * 86_400).slice(0, -'T00:00:00'.length);
}

/** @param since time since 1970 @param zone the suffix */
export function timestampText(since: bigint, unit: TimeUnit, zone: 'Z' | ''): string {
  const { seconds, fraction } = split(since, unit);
  return `${isoOf(seconds)}${fraction}${zone}`;
}

/** @param since time since midnight */
export function timeText(since: bigint, unit: TimeUnit): string {
  const { seconds, fraction } = split(since, unit);
  return `${isoOf(seconds).slice(-'00:00:00'.length)}${fraction}`;
}

function split(since: bigint, unit: TimeUnit): { readonly seconds: number; readonly fraction: string } {
  const per = PER_SECOND[unit];
  const rest = ((since % per) + per) % per;
  const digits = String(rest).padStart(String(per).length - 1, '0');
  // groups of three zeros only reflect the precision of the type
  const shown = digits.replace(/(?:000)+$/, '');
  return { seconds: Number((since - rest) / per), fraction: shown === '' ? '' : `.${shown}` };
}

/** Without fraction and zone; for a time that Date cannot represent, the number of seconds. */
function isoOf(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? `${seconds} s T00:00:00` : date.toISOString().slice(0, -'.000Z'.length);
}
