/** A file that says which region a value stands for: a table of `value` and `region`, or one JSON object. */
import { MeridianError } from '../../index.ts';
import { readPairs } from '../../module.ts';
import { isRegionName, regionNameOf } from '../../replication/index.ts';

/** Value -> name of a region. */
export type RegionMap = ReadonlyMap<string, string>;

const NAMES = { key: 'value', value: 'region', example: '{"United Kingdom":"uk"}' } as const;

/**
 * Values and names are taken without white space around them.
 *
 * @param path of a JSON file with an object such as `{"United Kingdom":"uk"}`, or of a CSV or TSV file with the columns
 *   `value` and `region`
 * @throws MeridianError `usage`, with the file and where possible the line, for anything else, for what cannot be the name of
 *   a region, and for a value that is given two of them
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

/** Whatever is wrong with the file, it is an option that is wrong. */
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
