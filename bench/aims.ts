/** The figures that Meridian is meant to reach, and what was measured of them. */
import { type Line, lineOf, type Results } from './findings.ts';
import { percent, seconds, whole } from './markdown.ts';

export interface Aim {
  readonly figure: string;
  readonly asked: string;
  readonly measured: string;
  readonly isReached: boolean;
}

/** Only those that this benchmark has measured. */
export function aims({ sqlite, sample, scale, postgres }: Results): Aim[] {
  const found: Aim[] = [];
  const aim = (figure: string, asked: string, measured: string, isReached: boolean) =>
    found.push({ figure, asked, measured, isReached });

  const meridian = lineOf(sqlite, 'meridian');
  const sqlite3 = lineOf(sqlite, 'sqlite3');
  if (meridian && sqlite3?.ratio !== undefined) {
    const times = 1 / sqlite3.ratio;
    aim('wall time, relative to sqlite3 .import', 'at most 1.0 ×', `${times.toFixed(2)} ×`, times <= 1);
  }
  const orm = fastestOrm(sqlite.lines);
  if (meridian && orm?.ratio !== undefined) {
    const figure = `speed, relative to the fastest ORM (${orm.title})`;
    aim(figure, 'at least 4 ×', `${orm.ratio.toFixed(2)} ×`, orm.ratio >= 4);
  }
  const scaled = lineOf(scale, 'meridian');
  if (meridian && scaled && scale) {
    const more = meridian.recordsPerSecond / scaled.recordsPerSecond - 1;
    const sizes = `at ${whole(scale.records)} records, relative to ${whole(sqlite.records)}`;
    aim(`cost a record ${sizes}`, 'within 15 %', signed(more), more <= 0.15);
    if (meridian.peakBytes !== undefined && scaled.peakBytes !== undefined) {
      const memory = scaled.peakBytes / meridian.peakBytes - 1;
      aim(`peak memory ${sizes}`, 'within 20 %', signed(memory), memory <= 0.2);
      const most = Math.max(meridian.peakBytes, scaled.peakBytes);
      aim('peak memory', 'under 500 MB', `${whole(most / 1e6)} MB`, most < 500e6);
    }
  }
  if (sample) {
    const { median } = sample.seconds;
    aim('the built-in sample', 'under 1.2 s', `${seconds(median)} s`, median < 1.2);
  }
  const psql = postgres && 'lines' in postgres ? lineOf(postgres, 'psql') : undefined;
  if (psql?.ratio !== undefined) {
    const times = 1 / psql.ratio;
    aim('wall time on PostgreSQL, relative to psql \\copy', 'at most 2.0 ×', `${times.toFixed(2)} ×`, times <= 2);
  }
  return found;
}

function fastestOrm(lines: readonly Line[]): Line | undefined {
  return lines
    .filter(({ isOrm }) => isOrm)
    .reduce<Line | undefined>(
      (fastest, line) =>
        (line.ratio ?? Number.POSITIVE_INFINITY) < (fastest?.ratio ?? Number.POSITIVE_INFINITY) ? line : fastest,
      undefined,
    );
}

/** 0.05 -> "+5 %" */
function signed(share: number): string {
  return `${share < 0 ? '−' : '+'}${percent(Math.abs(share))}`;
}
