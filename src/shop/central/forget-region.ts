/** What central has of one region: counted, and forgotten. */
import type { EntityClass } from '@mikro-orm/core';
import type { Database } from '../../databases.ts';

interface OfRegion {
  readonly region: string;
}

/** Every table of central that says of its rows which region they are of. */
function tablesWithRegions(central: Database): EntityClass<OfRegion>[] {
  const all = [...central.fork().getMetadata().getAll().values()];
  return all.filter(({ properties }) => 'region' in properties).map((entity) => entity.class as EntityClass<OfRegion>);
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
