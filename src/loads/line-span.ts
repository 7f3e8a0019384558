/** Line ranges of records. */

/** First and last line of some records of a source, with their files if the source has several. */
export type LineSpan = readonly [first: number, last: number, firstFile?: string, lastFile?: string];

interface Placed {
  readonly line: number;
  readonly file?: string | undefined;
}

export function spanOf(records: readonly Placed[]): LineSpan {
  const [first, last] = [records[0], records.at(-1)];
  return span(first?.line ?? 0, last?.line ?? 0, first?.file, last?.file);
}

/** From the first line of one span to the last line of another. */
export function spanning([first, , firstFile]: LineSpan, [, last, , lastFile]: LineSpan): LineSpan {
  return span(first, last, firstFile, lastFile);
}

function span(first: number, last: number, firstFile: string | undefined, lastFile: string | undefined): LineSpan {
  return firstFile === undefined || lastFile === undefined ? [first, last] : [first, last, firstFile, lastFile];
}

/** "line 5", "lines 2 to 9", "lines 2 to 9 of a.csv", "line 2 of a.csv to line 9 of b.csv" */
export function spanText([first, last, firstFile, lastFile]: LineSpan): string {
  if (firstFile !== lastFile) {
    return `line ${first} of ${firstFile} to line ${last} of ${lastFile}`;
  }
  const lines = first === last ? `line ${first}` : `lines ${first} to ${last}`;
  return firstFile === undefined ? lines : `${lines} of ${firstFile}`;
}
