/** The results of a benchmark, as they are written to results.json and to the report. */
import type { Cases } from './cases.ts';
import { pairedRatio, type Summary, summarize } from './figures.ts';
import type { Machine } from './machine.ts';
import type { Result, Time } from './race.ts';

export interface Line {
  readonly name: string;
  readonly title: string;
  readonly validates: boolean;
  readonly isOrm: boolean;
  readonly runs: readonly Time[];
  readonly seconds: Summary;
  /** Of all files together. */
  readonly recordsPerSecond: number;
  readonly peakBytes: number | undefined;
  /** How many times as long as Meridian it took, paired by round (the first, for one that runs once); undefined when Meridian did not take part. */
  readonly ratio: number | undefined;
}

export interface Race {
  /** In each file. */
  readonly records: number;
  readonly lines: readonly Line[];
  readonly skipped: readonly { readonly title: string; readonly reason: string }[];
}

/** With the version of the server. */
export type PostgresRace = Race & { readonly version: string };

export interface Results {
  readonly command: string;
  readonly date: string;
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly rounds: number;
  readonly seed: number;
  readonly sqlite: Race;
  readonly sample: { readonly runs: readonly Time[]; readonly seconds: Summary } | undefined;
  /** Meridian alone, with other files. */
  readonly cases?: Cases | undefined;
  /** Meridian alone, with another number of records. */
  readonly scale: Race | undefined;
  readonly postgres: PostgresRace | { readonly reason: string } | undefined;
}

const FILES = 3;

export function toRace(results: readonly Result[], records: number, skipped: Race['skipped'] = []): Race {
  const secondsOf = (result: Result) => result.times.map(({ seconds }) => seconds);
  const meridian = results.find(({ contestant }) => contestant.name === 'meridian');
  const ratioOf = (result: Result) =>
    meridian && pairedRatio(secondsOf(result), secondsOf(meridian).slice(0, result.times.length));
  const lines = results.map((result): Line => {
    const { name, title: called, runsOnce, validates, isOrm } = result.contestant;
    const seconds = summarize(secondsOf(result));
    const peaks = result.times.flatMap(({ peakBytes }) => peakBytes ?? []);
    return {
      name,
      title: runsOnce ? `${called} (one run)` : called,
      validates,
      isOrm,
      runs: result.times,
      seconds,
      recordsPerSecond: (FILES * records) / seconds.median,
      peakBytes: peaks.length === 0 ? undefined : Math.max(...peaks),
      ratio: ratioOf(result),
    };
  });
  return { records, lines: lines.sort((a, b) => a.seconds.median - b.seconds.median), skipped };
}

export function lineOf(race: Race | undefined, name: string): Line | undefined {
  return race?.lines.find((line) => line.name === name);
}
