/** Counts and deletes the rows of a region in central. */
import type { EntityClass } from '@mikro-orm/core';
import type { Database } from '../../databases.ts';

interface OfRegion {
  readonly region: string;
}

/** All tables of central with a region column. */
function tablesWithRegions(central: Database): EntityClass<OfRegion>[] {
  const all = [...central.fork().getMetadata().getAll().values()];
  return all.filter(({ properties }) => 'region' in properties).map((entity) => entity.class as EntityClass<OfRegion>);
}

/** The number of rows of a region, in all tables. */
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

/** Deletes all rows of a region, in one transaction. */
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
