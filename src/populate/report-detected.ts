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
  const reported = new Set<readonly Detected[]>();
  for (const [name, { source, open }] of sources) {
    const { detected = [] } = open;
    // the parts of a spread source share one list
    for (const [files, some] of reported.has(detected) ? [] : detectedByFile(detected, source.name)) {
      listener?.detected?.(name, files, some);
    }
    reported.add(detected);
  }
}
