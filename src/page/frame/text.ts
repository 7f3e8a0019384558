/** Formats values for people. */

const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** Formats a count; `null` means unknown, and is never shown as 0. */
export function formatCount(count: number | null | undefined): string {
  return count === null || count === undefined ? 'unknown' : WHOLE.format(count);
}

/** Groups the digits of an exact number: `10234.50` -> `10,234.50`. Other texts are not changed. */
export function groupedDigits(text: string): string {
  return /^-?\d+(?:\.\d+)?$/.test(text) ? text.replace(/\d(?=(?:\d{3})+(?:\.|$))/g, '$&,') : text;
}

export function countOf(count: number, noun: string): string {
  return `${WHOLE.format(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Formats an ISO 8601 instant in UTC, to the second. */
export function formatInstant(instant: string | null | undefined): string {
  return instant === null || instant === undefined || instant === ''
    ? 'unknown'
    : instant.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d).*Z$/, '$1 $2');
}

export function formatSeconds(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) {
    return 'unknown';
  }
  if (seconds < 59.5) {
    return `${seconds < 10 && seconds > 0 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  }
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? inUnits(minutes, 'min', whole % 60, 's')
    : inUnits(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
}

function inUnits(great: number, unit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${great} ${unit}` : `${great} ${unit} ${small} ${smallUnit}`;
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}

/** The file name of a path; other sources are not changed. */
export function fileNameOf(source: string): string {
  return source.includes('://') ? source : source.replace(/^.*[/\\](?=.)/s, '');
}

/** The text of a JSON value in a cell. */
export function textOf(value: unknown): string {
  return value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
}

/** A word of a command, quoted for a POSIX shell if necessary. */
export function shellWord(text: string): string {
  return /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
