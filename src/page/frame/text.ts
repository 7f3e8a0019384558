/** How values are written for people. */

const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** `null` is not known, and is never shown as 0. */
export function formatCount(count: number | null | undefined): string {
  return count === null || count === undefined ? 'unknown' : WHOLE.format(count);
}

/** Digits of an exact number in groups of three: `10234.50` -> `10,234.50`. Other texts stay as they are. */
export function groupedDigits(text: string): string {
  return /^-?\d+(?:\.\d+)?$/.test(text) ? text.replace(/\d(?=(?:\d{3})+(?:\.|$))/g, '$&,') : text;
}

export function countOf(count: number, noun: string): string {
  return `${WHOLE.format(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** An instant of ISO 8601, in UTC to the second. */
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

/** The last part of the path of a file; another source as it is. */
export function fileNameOf(source: string): string {
  return source.includes('://') ? source : source.replace(/^.*[/\\](?=.)/s, '');
}

/** A value of JSON in a cell. */
export function textOf(value: unknown): string {
  return value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
}

/** A word of a command, quoted for a POSIX shell where it has to be. */
export function shellWord(text: string): string {
  return /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
