/** `verify` for programs. */
import { populatedDatabases } from '../cli/project.ts';
import type { DatabasesConfig, MeridianConfig } from '../config/types.ts';
import type { DatabaseVerdict } from '../integrity/verify.ts';
import type { DatabaseName } from './names.ts';
import { projectOf } from './project-of.ts';

/** How much a verification reports. */
export interface VerifyOptions {
  /** The maximum number of violations per database that `examples` lists (default: 100). */
  readonly maxExamples?: number;
}

/** The result of a verification. */
export interface VerifyResult<Databases extends DatabasesConfig = DatabasesConfig> {
  /** Whether no row violates a rule, and every reference leads to a row. */
  readonly isValid: boolean;
  readonly databases: { readonly [Name in DatabaseName<Databases>]: DatabaseVerdict };
}

/**
 * Checks the rules on every stored row, and every reference between databases. It changes nothing.
 *
 * ```ts
 * import { verify } from 'meridian';
 * import config from './meridian.config.ts';
 *
 * const { isValid, databases } = await verify(config);
 * if (!isValid) {
 *   console.error(databases.shipments.examples);
 * }
 * ```
 *
 * @throws MeridianError `migration` for a database with pending migrations, `database` for one that cannot be read, `locked` for one that
 *   is being loaded
 */
export async function verify<Databases extends DatabasesConfig>(
  config: MeridianConfig<Databases>,
  options: VerifyOptions = {},
): Promise<VerifyResult<Databases>> {
  const project = await projectOf(config);
  const { verifyExisting } = await import('../integrity/verify-existing.ts');
  const databases = await verifyExisting(populatedDatabases(project), options);
  return {
    isValid: Object.values(databases).every(({ violations }) => violations === 0),
    databases: databases as VerifyResult<Databases>['databases'],
  };
}
