/** A file that says which region a value stands for: a table of `value` and `region`, or one JSON object. */
import { MeridianError } from '../../index.ts';
import { Columns, fileSource, isJsonObject, openText, type RawRecord, readJson, TextFault } from '../../module.ts';
import { isRegionName, regionNameOf } from '../../replication/index.ts';

/** Value -> name of a region. */
export type RegionMap = ReadonlyMap<string, string>;

/** Characters of a map as one JSON object. */
const MAX_CHARACTERS = 1024 * 1024;

interface Entry {
  readonly line: number | undefined;
  readonly value: string;
  readonly region: string;
}

/**
 * Values and names are taken without white space around them.
 *
 * @param path of a JSON file with an object such as `{"United Kingdom":"uk"}`, or of a CSV or TSV file with the columns
 *   `value` and `region`
 * @throws MeridianError `usage`, with the file and where possible the line, for anything else, for what cannot be the name of
 *   a region, and for a value that is given two of them
 */
export async function readRegionMap(path: string): Promise<RegionMap> {
  const entries = /[.]json$/i.test(path) ? await fromObject(path) : await fromTable(path);
  const map = new Map<string, string>();
  for (const { line, value, region } of entries) {
    const where = line === undefined ? path : `${path}, line ${line}`;
    if (value === '') {
      throw mapError(where, 'there is no value.');
    }
    if (!isRegionName(region)) {
      const near = regionNameOf(region);
      throw mapError(
        where,
        `"${region}" cannot be the name of a region${near === undefined ? '; names are such as new-york' : `; write ${near}`}.`,
      );
    }
    const before = map.get(value);
    if (before !== undefined && before !== region) {
      throw mapError(where, `"${value}" stands for ${before} already, and cannot stand for ${region} as well.`);
    }
    map.set(value, region);
  }
  return map;
}

async function fromObject(path: string): Promise<Entry[]> {
  const text = await refusing(() => readText(path));
  const read = readJson(text);
  if ('fault' in read) {
    throw mapError(`${path}, line ${lineAt(text, read.at)}`, `this is not valid JSON (${read.fault}).`);
  }
  if ('problem' in read) {
    throw mapError(path, `${read.problem}.`);
  }
  if (!isJsonObject(read.value)) {
    throw mapError(path, 'it has to hold one JSON object, such as {"United Kingdom":"uk"}.');
  }
  return Object.entries(read.value).map(([value, region]) => {
    const at = text.indexOf(JSON.stringify(value));
    const line = at === -1 ? undefined : lineAt(text, at);
    if (typeof region !== 'string') {
      const where = line === undefined ? path : `${path}, line ${line}`;
      throw mapError(where, `the region of "${value}" is not text.`);
    }
    return { line, value: value.trim(), region: region.trim() };
  });
}

/** All of a small file. */
async function readText(path: string): Promise<string> {
  const input = await openText(path);
  try {
    let text = '';
    for await (const chunk of input.chunks) {
      text += chunk;
      if (text.length > MAX_CHARACTERS) {
        throw new TextFault(`it has more than ${MAX_CHARACTERS.toLocaleString('en')} characters`);
      }
    }
    return text;
  } catch (error) {
    throw error instanceof TextFault ? new MeridianError('source', `${path}: ${error.message}.`) : error;
  } finally {
    await input.close();
  }
}

function lineAt(text: string, at: number): number {
  return text.slice(0, at).split('\n').length;
}

async function fromTable(path: string): Promise<Entry[]> {
  return refusing(async () => {
    const open = await fileSource(path).open();
    try {
      const columns = new Columns({
        entity: { name: 'region' },
        properties: ['value', 'region'].map((name) => ({ name, required: true })),
      });
      columns.checkHeader(path, open.columns ?? ['value', 'region']);
      const entries: Entry[] = [];
      for await (const chunk of open.records) {
        entries.push(...chunk.map((raw) => entryOf(path, columns, raw)));
      }
      return entries;
    } finally {
      await open.close();
    }
  });
}

/** Whatever is wrong with the file, it is an option that is wrong. */
async function refusing<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw error instanceof MeridianError && error.code === 'source'
      ? new MeridianError('usage', `--region-map: ${error.message}`, { cause: error })
      : error;
  }
}

function entryOf(path: string, columns: Columns, { line, record, problem }: RawRecord): Entry {
  const where = `${path}, line ${line}`;
  if (problem !== undefined) {
    throw mapError(where, `${problem}.`);
  }
  const fields = record as Record<string, unknown>;
  const names = Object.keys(fields);
  const { indexes } = columns.layoutOf(names);
  const [value, region] = indexes.map((index) => fields[names[index] ?? '']);
  if (typeof value !== 'string' || typeof region !== 'string') {
    throw mapError(where, 'value and region have to be text.');
  }
  return { line, value: value.trim(), region: region.trim() };
}

function mapError(where: string, what: string): MeridianError {
  return new MeridianError('usage', `--region-map: ${where}: ${what}`);
}
