/** Checks the name of a region for documents. The store alone cannot decide: it may have no document of the region yet. */
import { isThere } from '../../databases.ts';
import { central } from '../catalog.ts';
import { checkRegion } from '../central/reports/known-region.ts';
import { openCentral } from '../central/reports/open.ts';
import { knownRegion, knownRegions } from '../regions/databases.ts';
import type { DocumentStore } from './store.ts';

/**
 * Checks that the configuration, central or the store knows a region. The store may be the last place that has data of a region.
 *
 * @throws MeridianError `usage` for an unknown region; `database` if central is needed for the decision and cannot be read
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
