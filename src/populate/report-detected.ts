/** Reports the detected settings of source files. */
import type { PopulateOptions } from './options.ts';
import type { Detected } from './read/source.ts';
import type { OpenedSource } from './sources.ts';

/** The detected settings by file names; files with the same settings share one line. */
function detectedByFile(detected: readonly Detected[], source: string): [string, Detected[]][] {
  const ofFiles = [...Map.groupBy(detected, ({ file }) => file ?? source)];
  const alike = Map.groupBy(ofFiles, ([, ones]) => JSON.stringify(ones.map(({ file: _, ...one }) => one)));
  return [...alike.values()].map((files) => {
    const [[first, ones] = [source, []]] = files;
    return [files.length === 1 ? first : `${first} and ${files.length - 1} more`, ones];
  });
}

export function reportDetected(sources: ReadonlyMap<string, OpenedSource>, { listener }: PopulateOptions): void {
  for (const [name, { source, open }] of sources) {
    for (const [files, detected] of detectedByFile(open.detected ?? [], source.name)) {
      listener?.detected?.(name, files, detected);
    }
  }
}
