/** Opens central to be looked at: nothing is made, and nothing is written. */
import { type Database, type DatabaseOptions, openToRead, urlVariable } from '../../../databases.ts';
import { MeridianError } from '../../../index.ts';
import { central as declaration } from '../../catalog.ts';

/**
 * @returns a database that the caller closes
 * @throws MeridianError `database` when there is none or it cannot be opened, `migration` when it is not at its newest schema
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
