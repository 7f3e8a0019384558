/** The actual or future location of a database, without connecting to it. */
import type { DatabaseOptions } from './database.ts';
import type { DatabaseDeclaration } from './declaration.ts';
import { engineOf } from './engines.ts';
import { type DatabaseLocation, locationOf } from './location.ts';

export interface DatabasePlace {
  /** For the options that open the database there. */
  readonly location: DatabaseLocation;
  /** Readable, without a password. */
  readonly place: string;
  /** Whether the database is known not to exist without connecting; always false for a server. */
  isMissing(): boolean;
  /** Whether another place is the same database. */
  isSameAs(other: DatabasePlace): Promise<boolean>;
}

/**
 * Finds a database; creates nothing.
 *
 * @param options `location` overrides the environment and the declaration
 * @throws MeridianError `usage` if the environment contains a URL that is not supported
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
