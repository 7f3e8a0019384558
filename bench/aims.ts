/** The figures that Meridian is meant to reach, and what was measured of them. */
import { DANGLING, REJECTED } from './cases.ts';
import { type Line, lineOf, type Results } from './findings.ts';
import { percent, seconds, whole } from './markdown.ts';

export interface Aim {
  readonly figure: string;
  readonly asked: string;
  readonly measured: string;
  readonly isReached: boolean;
}

/** Only those that this benchmark has measured. */
export function aims({ sqlite, sample, cases, scale, postgres }: Results): Aim[] {
  const found: Aim[] = [];
  const aim = (figure: string, asked: string, measured: string, isReached: boolean) =>
    found.push({ figure, asked, measured, isReached });

  const meridian = lineOf(sqlite, 'meridian');
  const sqlite3 = lineOf(sqlite, 'sqlite3');
  if (meridian && sqlite3?.ratio !== undefined) {
    const times = 1 / sqlite3.ratio;
    aim('wall time, relative to sqlite3 .import', 'at most 0.70 ×', `${times.toFixed(2)} ×`, times <= 0.7);
  }
  const orm = fastestOrm(sqlite.lines);
  if (meridian && orm?.ratio !== undefined) {
    const figure = `speed, relative to the fastest ORM (${orm.title})`;
    aim(figure, 'at least 6 ×', `${orm.ratio.toFixed(2)} ×`, orm.ratio >= 6);
  }
  if (meridian?.peakBytes !== undefined) {
    const { peakBytes } = meridian;
    aim('peak memory of all threads', 'at most 300 MB', `${whole(peakBytes / 1e6)} MB`, peakBytes <= 300e6);
  }
  if (cases) {
    for (const one of cases.cases.filter(({ title }) => [REJECTED, DANGLING].includes(title))) {
      const { median } = one.seconds;
      // the aim is one of a million
      const most = (15 * cases.records) / 1e6;
      aim(
        `${whole(cases.records)} ${one.title} records`,
        `at most ${seconds(most)} s`,
        `${seconds(median)} s`,
        median <= most,
      );
    }
    const { again, garbage } = cases;
    aim('the same files again, relative to the first run', 'at most 1.0 ×', `${again.toFixed(2)} ×`, again <= 1);
    if (garbage !== undefined) {
      aim('garbage collection in the thread of a load', 'at most 5 %', percent(garbage), garbage <= 0.05);
    }
  }
  const scaled = lineOf(scale, 'meridian');
  if (meridian && scaled && scale) {
    const more = meridian.recordsPerSecond / scaled.recordsPerSecond - 1;
    const sizes = `at ${whole(scale.records)} records, relative to ${whole(sqlite.records)}`;
    aim(`cost a record ${sizes}`, 'within 15 %', signed(more), more <= 0.15);
    if (meridian.peakBytes !== undefined && scaled.peakBytes !== undefined) {
      const memory = scaled.peakBytes / meridian.peakBytes - 1;
      aim(`peak memory ${sizes}`, 'within 20 %', signed(memory), memory <= 0.2);
    }
  }
  if (sample) {
    const { median } = sample.seconds;
    aim('the built-in sample', 'at most 0.5 s', `${seconds(median)} s`, median <= 0.5);
  }
  const psql = postgres && 'lines' in postgres ? lineOf(postgres, 'psql') : undefined;
  if (psql?.ratio !== undefined) {
    const times = 1 / psql.ratio;
    aim('wall time on PostgreSQL, relative to psql \\copy', 'at most 0.85 ×', `${times.toFixed(2)} ×`, times <= 0.85);
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
