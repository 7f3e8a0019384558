/** Reads the backlogs of regions, which are their events that are not in central, from the databases that are reachable. */
import { Database, type DatabaseDeclaration, type DatabaseOptions, isIdentityError } from '../../../databases.ts';
import { Outbox, regionOf } from '../../../replication/index.ts';
import { regionStatus } from '../../regions/status.ts';
import type { Backlogs, Sight } from './completeness.ts';

export interface LookOptions {
  /** Overrides the locations that the environment configures. */
  readonly location?: (database: string) => NonNullable<DatabaseOptions['location']>;
}

/**
 * Reads all regions concurrently. A region whose database cannot be opened or read, or has no outbox yet, is `unreachable`.
 *
 * @param regions declarations such as `orders.boston`
 * @throws MeridianError `usage` for an invalid URL in the environment, `identity` if the URL leads to another's database
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
    // the report shows the region as cut off, whatever the reason
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
