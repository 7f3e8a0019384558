/** What central has of one region: counted, and forgotten. */
import type { EntityClass } from '@mikro-orm/core';
import { type Database, ownEntities } from '../../databases.ts';
import { central as declaration } from '../catalog.ts';

interface OfRegion {
  readonly region: string;
}

/** Every table of central that says of its rows which region they are of. */
function tablesWithRegions(central: Database): EntityClass<OfRegion>[] {
  const metadata = central.orm.getMetadata();
  const all = [...(declaration.others ?? []), ...ownEntities(declaration)] as EntityClass<OfRegion>[];
  return all.filter((entity) => metadata.get(entity).properties.region !== undefined);
}

/** Rows of all tables. */
export async function countOfRegion(central: Database, region: string): Promise<number> {
  let count = 0;
  try {
    for (const entity of tablesWithRegions(central)) {
      count += await central.fork().count(entity, { region });
    }
  } catch (error) {
    throw central.explain(error);
  }
  return count;
}

/** Deletes all of it, in one transaction. */
export async function forgetRegion(central: Database, region: string): Promise<void> {
  try {
    await central.fork().transactional(async (em) => {
      for (const entity of tablesWithRegions(central)) {
        await em.nativeDelete(entity, { region });
      }
    });
  } catch (error) {
    throw central.explain(error);
  }
}
