/** Opens central read-only: it is neither created nor changed. */
import { type Database, type DatabaseOptions, openToRead, urlVariable } from '../../../databases.ts';
import { MeridianError } from '../../../index.ts';
import { central as declaration } from '../../catalog.ts';

/**
 * @returns a database that the caller closes
 * @throws MeridianError `database` when it does not exist or cannot be opened, `migration` when it has pending migrations
 */
export async function openCentral(options: Omit<DatabaseOptions, 'create'> = {}): Promise<Database> {
  const central = await openToRead(declaration, options);
  if (central.isMissing) {
    await central.close();
    throw new MeridianError(
      'database',
      `${central.name}: ${central.absence}, so there is nothing to report yet. ` +
        `Fill it from the regions with npx meridian sync, or say where it is with ${urlVariable(central.name)}.`,
    );
  }
  return central;
}
