/** What has happened in the regions and is not in central, where their databases can be looked into. */
import { Database, type DatabaseDeclaration, type DatabaseOptions, isIdentityError } from '../../../databases.ts';
import { Outbox, regionOf } from '../../../replication/index.ts';
import { regionStatus } from '../../regions/status.ts';
import type { Backlogs, Sight } from './completeness.ts';

export interface LookOptions {
  /** Instead of where the environment says. */
  readonly location?: (database: string) => NonNullable<DatabaseOptions['location']>;
}

/**
 * Looks into all regions at once. One whose database cannot be opened or read, or has no outbox yet, is `unreachable`.
 *
 * @param regions declarations such as `orders.boston`
 * @throws MeridianError `usage` when a URL in the environment is not understood, `identity` when it leads to another's database
 */
export async function lookForBacklogs(
  regions: readonly DatabaseDeclaration[],
  { location }: LookOptions = {},
): Promise<Backlogs> {
  const databases = await Promise.all(
    regions.map((region) =>
      Database.unconnected(region, {
        create: false,
        ...(location === undefined ? {} : { location: location(region.name) }),
      }),
    ),
  );
  const found = await Promise.all(
    databases.map(async (database) => [regionOf(database.name), await lookInto(database)] as const),
  );
  return new Map(found);
}

async function lookInto(database: Database): Promise<Sight> {
  try {
    await database.connect();
    return database.isMissing ? 'missing' : await backlogOf(database);
  } catch (error) {
    if (isIdentityError(error)) {
      throw error;
    }
    // that the region is cut off, for whatever reason, is what the report says of it
    return 'unreachable';
  } finally {
    await database.close();
  }
}

async function backlogOf(database: Database): Promise<Sight> {
  if (!(await new Outbox(database).isThere())) {
    return 'unreachable';
  }
  const { unshipped, held, lagSeconds } = await regionStatus(database);
  return { unshippedEvents: unshipped + held, lagSeconds: Math.round(lagSeconds) };
}
