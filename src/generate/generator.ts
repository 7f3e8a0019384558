/** The generators of databases. */
import { MeridianError } from '../shared/errors.ts';
import type { Domain, Setting } from './domain.ts';

type DomainFactory = (setting: Setting) => Domain;

/** The generator of one database, for the `generators` of a module. */
export interface DatabaseGenerator {
  readonly database: string;
  /** The URL of the module that exports this generator in a list `generators`. Load threads import it. */
  readonly module: string;
  /** Loads the domain, which may be large: word lists, for example. */
  readonly load: () => Promise<DomainFactory>;
}

/** @throws MeridianError `usage` for a database without a generator */
export function findGenerator(generators: readonly DatabaseGenerator[], database: string): DatabaseGenerator {
  const generator = generators.find((one) => one.database === database);
  if (generator === undefined) {
    const known = generators.map((one) => one.database).join(', ');
    throw new MeridianError('usage', `There is no generator for "${database}". There are generators for ${known}.`);
  }
  return generator;
}
