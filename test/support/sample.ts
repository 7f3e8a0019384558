/** The data files that populate loads when it is given none. */
import { join } from 'node:path';
import { fileSource } from '../../src/populate/read/file.ts';
import type { Source } from '../../src/populate/read/source.ts';
import { projectRoot } from '../../src/shared/project.ts';
import { catalog } from '../../src/shop/catalog.ts';

export function sampleSources(): Record<string, Source> {
  return Object.fromEntries(
    catalog.flatMap(({ name, sample }) => (sample ? [[name, fileSource(join(projectRoot, sample))]] : [])),
  );
}
