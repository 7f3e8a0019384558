/** Where a database is, or would be, without connecting to it. */
import type { DatabaseOptions } from './database.ts';
import type { DatabaseDeclaration } from './declaration.ts';
import { engineOf } from './engines.ts';
import { type DatabaseLocation, locationOf } from './location.ts';

export interface DatabasePlace {
  /** For the options of a database that is to be opened there. */
  readonly location: DatabaseLocation;
  /** For people; without a password. */
  readonly place: string;
  /** Whether it is known without connecting that nothing is there; of a server, it is not. */
  isMissing(): boolean;
  /** Whether another one leads to the same database. */
  isSameAs(other: DatabasePlace): Promise<boolean>;
}

/**
 * Finds a database; nothing is made by looking.
 *
 * @param options with a `location`, instead of where the environment and the declaration say
 * @throws MeridianError `usage` when the environment holds a URL that is not understood
 */
export async function placeOf(
  declaration: DatabaseDeclaration,
  options: Pick<DatabaseOptions, 'location'> = {},
): Promise<DatabasePlace> {
  const location = options.location ?? locationOf(declaration);
  const engine = await engineOf(location, declaration.name);
  return {
    location,
    place: engine.place,
    isMissing: () => engine.isMissing(),
    isSameAs: async (other) => {
      const { exclusivePlace } = await engineOf(other.location, declaration.name);
      return exclusivePlace !== undefined && exclusivePlace === engine.exclusivePlace;
    },
  };
}
