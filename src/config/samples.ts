/** The samples of a config: files that are loaded when no other is given. */
import { allTables, type DatabaseDeclaration } from '../database/declaration.ts';
import { MeridianError } from '../shared/errors.ts';

export interface Sample {
  /** The name of the table. */
  readonly name: string;
  /** The absolute path. */
  readonly path: string;
}

/** @throws MeridianError `usage` where no entity has a sample, so that nothing would be loaded */
export function samplesOf(databases: readonly DatabaseDeclaration[]): readonly Sample[] {
  const tables = allTables(databases);
  const samples = tables.flatMap(({ name, entity: { sample } }) =>
    sample === undefined ? [] : [{ name, path: sample }],
  );
  if (samples.length === 0) {
    const example = tables.at(-1)?.name ?? 'users';
    throw new MeridianError(
      'usage',
      `No file is given, and the config names none. Name a file, such as --load ${example}=${example}.csv, or a folder with a file for each table; or say in the config what is loaded, with load or sample of an entity.`,
    );
  }
  return samples;
}
