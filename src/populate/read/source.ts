/** A source of records: in order, with their positions, in any format. */

import type { ValueSettings } from '../record/value-settings.ts';

export interface RawRecord {
  /** From 1, across all databases that the records go into. */
  readonly number: number;
  /** The file that contains it, if the source has several. */
  readonly file?: string | undefined;
  /** The record's first line, from 1, in the source or in this file. */
  readonly line: number;
  /** As read: an object of column -> value; if `problem` is set, the value that is not a record. */
  readonly record: unknown;
  /** Why this is not a record (code `parse`). */
  readonly problem?: string;
  /** Columns whose text is a JSON number, so that settings of number formats do not apply. */
  readonly numbers?: ReadonlySet<string> | undefined;
  /** Whether leading and trailing white space belongs to texts. */
  readonly isSpaced?: boolean | undefined;
  /** The columns of properties, for a record of a rejects file that was read with --map. */
  readonly map?: Readonly<Record<string, string>> | undefined;
}

export interface Progress {
  readonly bytesRead: number;
  /** Undefined for standard input. */
  readonly bytesTotal: number | undefined;
}

/** A setting that was detected from the content or name of a file. */
export interface Detected {
  /** Set if the source has several files. */
  readonly file?: string;
  /** `delimiter`, `encoding`, `format`, `compression`, `sheet` … */
  readonly setting: string;
  readonly value: string;
  /** A clause with the reason, to follow "because". */
  readonly why: string;
}

/** A row at the beginning of a file. */
export interface SampleRow {
  readonly line: number;
  readonly fields: readonly string[];
}

/** The beginning of a file. */
export interface FileHead {
  readonly name: string;
  /** Like those of a source. */
  readonly columns: readonly string[] | undefined;
  readonly format?: string;
  readonly sample?: readonly SampleRow[];
  /** The character between the fields of the sample. */
  readonly delimiter?: string;
  /** Its value settings, if they differ from those of the table. */
  readonly values?: ValueSettings;
}

export interface OpenSource {
  /** The first rows, if they are text. */
  readonly sample?: readonly SampleRow[];
  /** The character between the fields of the sample. */
  readonly delimiter?: string;
  /** Detected settings that are not the defaults, which are commas and UTF-8. */
  readonly detected?: readonly Detected[];
  /** The format of a file. */
  readonly format?: string;
  /** The columns of a header; `undefined` if each record names its own. */
  readonly columns: readonly string[] | undefined;
  /** Its files, if it has several. */
  readonly files?: readonly FileHead[];
  /** In order, in chunks of any size. Throws MeridianError `source`, with name and line, if reading fails. */
  readonly records: AsyncIterable<readonly RawRecord[]>;
  /** Columns with another use, about which no warning is needed if they match no property. */
  readonly used?: readonly string[];
  /** The number of records, if it is known in advance. */
  readonly count?: number;
  /** The number of records in each completely read file, in order. */
  readFiles?(): readonly number[];
  /** Whether a limited source has more records; known after the last one was read. */
  isCut?(): boolean;
  /** Skips the first files, which have so many records each. Call it before reading. */
  skipFiles?(counts: readonly number[]): void;
  progress(): Progress;
  /** Number of characters read so far, which indicates the memory that records take. */
  charactersRead?(): number;
  close(): Promise<void>;
}

/** One of several files, with a digest of its content and format. */
interface SourceFile {
  readonly name: string;
  readonly content: string;
}

/** Describes a source for another thread, which creates it with a module's export `sourceFrom`. */
export interface SourceSpec {
  /** The URL of the module. */
  readonly module: string;
  /** Plain data, passed to `sourceFrom`. */
  readonly argument: unknown;
}

/** How much of a source that was kept as a sample to read: `whole` ignores the limit. */
export type Extent = 'sample' | 'whole';

/** How much of each file to read. */
export interface Sampling {
  /** Maximum number of records from the beginning. */
  readonly first?: number;
  /** Whether to digest the whole file, which gives the source a `content` and verifies later reads. */
  readonly isExamined: boolean;
}

export interface Source {
  /** The name that the user specified. */
  readonly name: string;
  /** The path of the file, if there is one. */
  readonly file?: string;
  /** Identifies the file under any of its names. */
  readonly identity?: string;
  readonly spec?: SourceSpec;
  /** @throws MeridianError `source` if it is missing, unreadable, empty, or does not start in its format */
  open(extent?: Extent): Promise<OpenSource>;
  /**
   * For a file that another program may change, or an input that can be read only once: returns a source that always yields the same
   * records, or fails. Inputs that can be read only once are copied into `directory`.
   *
   * @param sampling by default, files are examined and read completely
   */
  keep?(directory: string, sampling?: Sampling): Promise<Source>;
  /** A digest of its content and format: sources with the same digest yield the same records. */
  content?(): Promise<string>;
  /** Its files, if it has several. */
  readonly files?: readonly SourceFile[];
  /** The same source without the files with these contents; nothing if no other file is left. */
  without?(contents: ReadonlySet<string>): Source | undefined;
  /**
   * The files with these contents, in this order.
   *
   * @param withOthers whether the other files follow
   * @returns nothing if it has no file with one of them
   */
  startingWith?(contents: readonly string[], withOthers: boolean): Source | undefined;
  /** Closes the files that `keep` has opened. */
  release?(): Promise<void>;
}

/** Bytes of a short record, for estimates. */
const RECORD_BYTES = 32;

/** Estimates the number of records before any is read. */
export function recordsIn({ count, progress }: OpenSource): number {
  return count ?? (progress().bytesTotal ?? 0) / RECORD_BYTES;
}
