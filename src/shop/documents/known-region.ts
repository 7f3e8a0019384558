/** Checks the name of a region for documents. The store alone cannot decide: it may have no document of the region yet. */
import { isThere } from '../../databases.ts';
import { central } from '../catalog.ts';
import { checkRegion } from '../central/reports/known-region.ts';
import { openCentral } from '../central/reports/open.ts';
import { knownRegion, knownRegions } from '../regions/databases.ts';
import type { DocumentStore } from './store.ts';

/**
 * A region is known to the configuration, to central, or to the store, where documents of it may be all that is left.
 *
 * @throws MeridianError `usage` for an unknown region; `database` when central would have to be asked and cannot be
 */
export async function checkRegionOfDocuments(store: DocumentStore, region: string): Promise<void> {
  if (knownRegions().includes(region) || (await store.findDocuments({ region, limit: 1 })).length > 0) {
    return;
  }
  if (!(await isThere(central))) {
    knownRegion(region);
    return;
  }
  const opened = await openCentral();
  try {
    await checkRegion(opened, region);
  } finally {
    await opened.close();
  }
}
