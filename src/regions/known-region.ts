/** A region as a person names it. */
import { isRegionName, knownRegions, regionDatabase, regionNameOf } from '../databases/regions.ts';
import { MeridianError } from '../errors.ts';

/** @throws MeridianError `usage` when there is no such region, with those that there are */
export function knownRegion(name: string): string {
  const known = knownRegions();
  if (known.includes(name)) {
    return name;
  }
  const meant = regionNameOf(name);
  if (meant !== undefined && known.includes(meant)) {
    throw new MeridianError('usage', `There is no region "${name}". Write ${meant}.`);
  }
  if (!isRegionName(name)) {
    // says what a name can be
    regionDatabase(name);
  }
  throw new MeridianError(
    'usage',
    `There is no region "${name}". There are ${known.join(', ')}. A new one is made with npx meridian regions add ${name}.`,
  );
}
