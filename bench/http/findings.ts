/** The results of the HTTP benchmark, as they are written to http.json and to the report. */
import { pairedRatio, type Summary, summarize } from '../figures.ts';
import type { Machine } from '../machine.ts';
import type { Share } from '../regions/profile.ts';
import type { LoadTurn } from './load.ts';

/** Each can be measured without the others. */
export const HTTP_PARTS = ['checkouts', 'reads', 'uploads', 'page'] as const;

export type HttpPart = (typeof HTTP_PARTS)[number];

export interface HttpFindings {
  readonly command: string;
  readonly date: string;
  readonly machine: Machine;
  /** Processes that ran or waited to run, on average of the minute before. */
  readonly loadBefore: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly rounds: number;
  readonly seed: number;
  readonly checkouts: Compared | undefined;
  readonly reads: Compared | undefined;
  readonly uploads: Uploads | undefined;
  readonly page: PageTimes | NotMeasured | undefined;
}

/** Meridian and the server by hand under the same load. */
export interface Compared {
  /** Of a turn. */
  readonly seconds: number;
  readonly meridian: Side;
  readonly byHand: Side;
  /** Requests a second of Meridian, relative to those by hand, by pairs of turns of one round. */
  readonly ratio: number;
  /** Of Meridian's time, in a turn of its own. */
  readonly profile: readonly Share[];
}

export interface Side {
  readonly turns: readonly LoadTurn[];
  readonly requestsPerSecond: Summary;
  /** Medians of all turns. */
  readonly p50Milliseconds: number;
  readonly p99Milliseconds: number;
  readonly cpuMicroseconds: number | undefined;
}

export interface Uploads {
  readonly records: number;
  /** From the first byte that is sent to the end of the run. */
  readonly upload: Summary;
  /** Of the whole process. */
  readonly populate: Summary;
  /** How many times as long the upload took, by pairs of one round. */
  readonly ratio: number;
}

/** What the page takes in a browser. */
export interface PageTimes {
  /** Of the list that is shown. */
  readonly rows: number;
  /** Version of Chromium. */
  readonly browser: string;
  /** Of all visits, each with an empty cache. */
  readonly firstPaintMilliseconds: Summary;
  readonly turns: readonly FrameTurn[];
  /** Of the turns. */
  readonly longestFrameMilliseconds: Summary;
  readonly p99FrameMilliseconds: Summary;
}

/** The frames of a list that is scrolled from its start to its end. */
export interface FrameTurn {
  readonly frames: number;
  readonly longestMilliseconds: number;
  readonly p99Milliseconds: number;
}

export interface NotMeasured {
  readonly reason: string;
}

export function toCompared(
  seconds: number,
  turns: { readonly meridian: readonly LoadTurn[]; readonly byHand: readonly LoadTurn[] },
  profile: readonly Share[],
): Compared {
  const rates = (of: readonly LoadTurn[]) => of.map(({ requestsPerSecond }) => requestsPerSecond);
  return {
    seconds,
    meridian: toSide(turns.meridian),
    byHand: toSide(turns.byHand),
    ratio: pairedRatio(rates(turns.meridian), rates(turns.byHand)),
    profile,
  };
}

function toSide(turns: readonly LoadTurn[]): Side {
  const median = (of: (turn: LoadTurn) => number) => summarize(turns.map(of)).median;
  const isSeen = turns.every(({ cpuMicroseconds }) => cpuMicroseconds !== undefined);
  return {
    turns,
    requestsPerSecond: summarize(turns.map(({ requestsPerSecond }) => requestsPerSecond)),
    p50Milliseconds: median(({ p50Milliseconds }) => p50Milliseconds),
    p99Milliseconds: median(({ p99Milliseconds }) => p99Milliseconds),
    cpuMicroseconds: isSeen ? median(({ cpuMicroseconds = 0 }) => cpuMicroseconds) : undefined,
  };
}

export function toUploads(records: number, upload: readonly number[], populate: readonly number[]): Uploads {
  return { records, upload: summarize(upload), populate: summarize(populate), ratio: pairedRatio(upload, populate) };
}

export function toPageTimes(
  rows: number,
  browser: string,
  paints: readonly number[],
  turns: readonly FrameTurn[],
): PageTimes {
  return {
    rows,
    browser,
    firstPaintMilliseconds: summarize(paints),
    turns,
    longestFrameMilliseconds: summarize(turns.map(({ longestMilliseconds }) => longestMilliseconds)),
    p99FrameMilliseconds: summarize(turns.map(({ p99Milliseconds }) => p99Milliseconds)),
  };
}
