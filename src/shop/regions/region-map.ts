/** Reads files that map values to regions: a table with `value` and `region`, or a JSON object. */
import { MeridianError } from '../../index.ts';
import { readPairs } from '../../module.ts';
import { isRegionName, regionNameOf } from '../../replication/index.ts';

/** Value -> region name. */
export type RegionMap = ReadonlyMap<string, string>;

const NAMES = { key: 'value', value: 'region', example: '{"United Kingdom":"uk"}' } as const;

/**
 * Values and names are trimmed.
 *
 * @param path of a JSON file with an object such as `{"United Kingdom":"uk"}`, or of a CSV or TSV file with the columns
 *   `value` and `region`
 * @throws MeridianError `usage`, with the file and if possible the line, for another format, an invalid region name, and a value with two
 *   regions
 */
export async function readRegionMap(path: string): Promise<RegionMap> {
  const map = new Map<string, string>();
  for (const { line, key: value, value: region } of await readMap(path)) {
    const where = line === undefined ? path : `${path}, line ${line}`;
    if (value === '') {
      throw mapError(`${where}: there is no value.`);
    }
    if (!isRegionName(region)) {
      const near = regionNameOf(region);
      throw mapError(
        `${where}: "${region}" cannot be the name of a region${near === undefined ? '; names are such as new-york' : `; write ${near}`}.`,
      );
    }
    const before = map.get(value);
    if (before !== undefined && before !== region) {
      throw mapError(`${where}: "${value}" stands for ${before} already, and cannot stand for ${region} as well.`);
    }
    map.set(value, region);
  }
  return map;
}

/** Reads the map, and converts its errors to usage errors of the option. */
async function readMap(path: string): ReturnType<typeof readPairs> {
  try {
    return await readPairs(path, NAMES);
  } catch (error) {
    throw error instanceof MeridianError && error.code === 'source' ? mapError(error.message, { cause: error }) : error;
  }
}

function mapError(what: string, options?: ErrorOptions): MeridianError {
  return new MeridianError('usage', `--region-map: ${what}`, options);
}
