/** The data files that populate loads when it is given none. */
import { allTables } from '../../src/database/declaration.ts';
import { fileSource } from '../../src/populate/read/file.ts';
import type { Source } from '../../src/populate/read/source.ts';
import { catalog } from '../../src/shop/catalog.ts';

export function sampleSources(): Record<string, Source> {
  return Object.fromEntries(
    allTables(catalog).flatMap(({ name, entity: { sample } }) => (sample ? [[name, fileSource(sample)]] : [])),
  );
}
