/** A source of records: in order, with the position of each, in any format. */

export interface RawRecord {
  /** 1 for the first record of the source, over all databases that they go into. */
  readonly number: number;
  /** The file that it stands in, where the source has several. */
  readonly file?: string | undefined;
  /** The line on which the record starts, 1 for the first line of the source, or of this file. */
  readonly line: number;
  /** As read: an object of column -> value; when `problem` is set, the value that is no record. */
  readonly record: unknown;
  /** Why this is no record (code `parse`). */
  readonly problem?: string;
  /** The columns whose text is a number of JSON: no setting says how it is written. */
  readonly numbers?: ReadonlySet<string> | undefined;
  /** Whether white space at the ends of a text belongs to it. */
  readonly isSpaced?: boolean | undefined;
  /** The columns of properties, for a record of a rejects file that was read with --map. */
  readonly map?: Readonly<Record<string, string>> | undefined;
}

export interface Progress {
  readonly bytesRead: number;
  /** Unknown for standard input. */
  readonly bytesTotal: number | undefined;
}

/** What a file is read with that no setting gives, and its content or its name showed. */
export interface Detected {
  /** Of a source with several. */
  readonly file?: string;
  /** `delimiter`, `encoding`, `format`, `compression`, `sheet` … */
  readonly setting: string;
  readonly value: string;
  /** A clause that says what shows it, to follow "because". */
  readonly why: string;
}

/** A row of the beginning of a file. */
export interface SampleRow {
  readonly line: number;
  readonly fields: readonly string[];
}

/** The beginning of a file. */
export interface FileHead {
  readonly name: string;
  /** As those of a source. */
  readonly columns: readonly string[] | undefined;
  readonly format?: string;
  readonly sample?: readonly SampleRow[];
}

export interface OpenSource {
  /** The first rows, where they are text. */
  readonly sample?: readonly SampleRow[];
  /** What was detected, where it is not the usual: nothing for commas and UTF-8. */
  readonly detected?: readonly Detected[];
  /** Of a file. */
  readonly format?: string;
  /** The columns of a header; `undefined` where each record names its own. */
  readonly columns: readonly string[] | undefined;
  /** Its files, where it has several. */
  readonly files?: readonly FileHead[];
  /** In order, in chunks of any size. Throws MeridianError `source`, with name and line, when it cannot go on. */
  readonly records: AsyncIterable<readonly RawRecord[]>;
  /** Columns that have been used already, so no warning is due when no property takes them. */
  readonly used?: readonly string[];
  /** The number of records, where it is known beforehand. */
  readonly count?: number;
  /** How many records each of the files has that have been read whole, from the first file on. */
  readFiles?(): readonly number[];
  /** Whether records were left out, of a source of which only the first are read; known once they have been. */
  isCut?(): boolean;
  /** Does not read the first files, which have so many records each; before any record is read. */
  skipFiles?(counts: readonly number[]): void;
  progress(): Progress;
  /** Characters of text that have been read so far: a measure of the memory that records take. */
  charactersRead?(): number;
  close(): Promise<void>;
}

/** One of several files, with a digest of its content and format. */
interface SourceFile {
  readonly name: string;
  readonly content: string;
}

/** Describes a source for another thread, which makes it with the export `sourceFrom` of a module. */
export interface SourceSpec {
  /** The URL of the module. */
  readonly module: string;
  /** Plain data, passed to `sourceFrom`. */
  readonly argument: unknown;
}

/** Of a source that was kept as a sample: `whole` for all of it nevertheless. */
export type Extent = 'sample' | 'whole';

/** How much of each file is read. */
export interface Sampling {
  /** Only so many records from its beginning. */
  readonly first?: number;
  /** Whether a digest of the whole file is made, with which the source has a `content`, and what is read is compared. */
  readonly isExamined: boolean;
}

export interface Source {
  /** As the user named it. */
  readonly name: string;
  /** The file itself, when there is one. */
  readonly file?: string;
  /** Identifies the file that is read under any of its names. */
  readonly identity?: string;
  readonly spec?: SourceSpec;
  /** @throws MeridianError `source` when it is missing, unreadable, empty, or its start is not of its format */
  open(extent?: Extent): Promise<OpenSource>;
  /**
   * For a file that another program may change, or an input that can be read only once: a source that gives the same records each time, or
   * a fault. What can be read only once is copied into `directory`.
   *
   * @param sampling without it, files are examined and read whole
   */
  keep?(directory: string, sampling?: Sampling): Promise<Source>;
  /** A digest of its content and its format: sources with the same digest give the same records. */
  content?(): Promise<string>;
  /** Its files, where it has several. */
  readonly files?: readonly SourceFile[];
  /** The same without the files with these contents; nothing when no other is left. */
  without?(contents: ReadonlySet<string>): Source | undefined;
  /**
   * The files with these contents, in this order.
   *
   * @param withOthers whether the other files follow
   * @returns nothing when it has no file with one of them
   */
  startingWith?(contents: readonly string[], withOthers: boolean): Source | undefined;
  /** Closes what `keep` has opened. */
  release?(): Promise<void>;
}

/** The bytes of a short record. */
const RECORD_BYTES = 32;

/** Estimates the number of records before any is read. */
export function recordsIn({ count, progress }: OpenSource): number {
  return count ?? (progress().bytesTotal ?? 0) / RECORD_BYTES;
}
