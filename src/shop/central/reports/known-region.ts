/** Checks the region name of a report. */
import type { Database } from '../../../databases.ts';
import { knownRegion, knownRegions } from '../../regions/databases.ts';
import { read } from './tables.ts';

/** @throws MeridianError `usage` for a region that neither the configuration nor central knows */
export async function checkRegion(central: Database, region: string): Promise<void> {
  const configured = knownRegions();
  if (configured.includes(region)) {
    return;
  }
  const heard = await read(central, (tables) => tables.selectFrom('RegionCursor').select('region').execute());
  knownRegion(region, [...new Set([...configured, ...heard.map((one) => one.region).sort()])]);
}
