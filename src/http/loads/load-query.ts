/** The query of a load: the options of `populate`, and how its files are read. */
import type { Call, Parameter } from '../../config/route.ts';
import { FILE_SETTINGS } from '../../populate/read/dialect.ts';
import type { ColumnMap } from '../../populate/record/columns.ts';
import { VALUE_SETTINGS } from '../../populate/record/value-settings.ts';
import type { OnConflict } from '../../populate/write/classify.ts';
import { quoted, shown } from '../../shared/text/visible.ts';
import { Problem } from '../problem.ts';
import { SETTINGS, type Settings } from './setting-parameters.ts';

type Name = keyof Settings;

const text = (description: string): Parameter => ({ type: 'string', description, pattern: '^[^\\u0000]*$' });

const RULES = { ...FILE_SETTINGS, ...VALUE_SETTINGS };
const NAMES = Object.keys(SETTINGS) as Name[];

export const LOAD_PARAMETERS: Readonly<Record<string, Parameter>> = {
  table: text('The table that the body is for; in multipart, each part is named after its table'),
  name: text('The name of the file, for messages and its format'),
  onConflict: {
    type: 'string',
    description:
      'What to do with a record whose id exists with other content (default: as the config says, else reject)',
    enum: ['reject', 'update'],
  },
  map: {
    ...text(
      'Columns that hold properties: userId=CustomerID,productId=StockCode; in multipart orders.userId=CustomerID',
    ),
    pattern: '^(?:[^=,\\u0000]+=[^,\\r\\n\\u0000]+(?:,[^=,\\u0000]+=[^,\\r\\n\\u0000]+)*)?$',
  },
  maxRejects: { ...text('Stop when more records than this are rejected: 50, or 1%'), pattern: '^\\d{1,15}%?$' },
  allOrNothing: { type: 'boolean', description: 'Keep the rows only when no record is rejected and no load fails' },
  restart: { type: 'boolean', description: 'Start from the beginning instead of continuing a stopped run' },
  dryRun: { type: 'boolean', description: 'Report what would happen, and write nothing' },
  onlyNew: { type: 'boolean', description: 'Leave out files that an earlier run has loaded' },
  strict: { type: 'boolean', description: 'succeeded is false if any record is rejected' },
  ...Object.fromEntries(NAMES.map((name) => [name, SETTINGS[name].parameter])),
};

export interface LoadQuery {
  readonly table: string | undefined;
  readonly name: string | undefined;
  readonly onConflict: OnConflict | undefined;
  readonly maxRejects: string | undefined;
  readonly allOrNothing: boolean | undefined;
  readonly restart: boolean;
  readonly dryRun: boolean;
  readonly onlyNew: boolean | undefined;
  readonly strict: boolean | undefined;
  readonly settings: Settings;
  /** Column maps; without a table name, for the only table. */
  readonly map: readonly { readonly property: string; readonly column: string }[];
}

/** @throws Problem 400 for an invalid value of a setting */
export function readLoadQuery(query: Call['query']): LoadQuery {
  const {
    table,
    name,
    onConflict,
    map,
    maxRejects,
    allOrNothing,
    restart = false,
    dryRun = false,
    onlyNew,
    strict,
  } = query;
  const limit = maxRejects as string | undefined;
  if (limit !== undefined && !/^\d{1,15}%?$/.test(limit)) {
    throw refused(`maxRejects is ${quoted(shown(limit))}. Write a number such as 50, or a share such as 1%.`);
  }
  return {
    table: table as string | undefined,
    name: name as string | undefined,
    onConflict: onConflict as OnConflict | undefined,
    maxRejects: limit,
    allOrNothing: allOrNothing as boolean | undefined,
    restart: Boolean(restart),
    dryRun: Boolean(dryRun),
    onlyNew: onlyNew as boolean | undefined,
    strict: strict as boolean | undefined,
    settings: settingsIn(query),
    map: readMap(map as string | undefined),
  };
}

function settingsIn(query: Call['query']): Settings {
  const given = NAMES.flatMap((name): [string, unknown][] => {
    const value = query[name];
    return value === undefined ? [] : [[name, settingOf(name, value)]];
  });
  return Object.fromEntries(given);
}

function settingOf(name: Name, given: string | number | boolean): unknown {
  const value = SETTINGS[name].read?.(given) ?? given;
  const { isRight, expected } = RULES[name];
  if (!isRight(value)) {
    throw refused(`${name} is ${quoted(shown(String(given)))}. It has to be ${expected}.`);
  }
  return value;
}

function readMap(given = ''): LoadQuery['map'] {
  return given === ''
    ? []
    : given.split(',').map((one) => {
        const [, property, column] = /^([^=]+)=(.+)$/.exec(one) ?? [];
        if (property === undefined || column === undefined) {
          throw refused(`map has ${quoted(shown(one))}. Write <property>=<column>.`);
        }
        return { property: property.trim(), column: column.trim() };
      });
}

/** Table -> column map. @throws Problem 400 for a property of a table that is not loaded, or one that is given twice */
export function columnsOf(map: LoadQuery['map'], tables: readonly string[]): Record<string, ColumnMap> {
  const maps: Record<string, Record<string, string>> = {};
  for (const { property, column } of map) {
    const [named] = tables.filter((one) => property.startsWith(`${one}.`)).sort((a, b) => b.length - a.length);
    const table = named ?? (tables.length === 1 ? tables[0] : undefined);
    if (table === undefined) {
      throw refused(
        `map has ${quoted(shown(property))}. Begin it with one of the loaded tables: ${tables.join(', ')}.`,
      );
    }
    const name = named === undefined ? property : property.slice(named.length + 1);
    const columns = maps[table] ?? {};
    maps[table] = columns;
    if (Object.hasOwn(columns, name)) {
      throw refused(`map names two columns for ${shown(property)}. Keep one of them.`);
    }
    columns[name] = column;
  }
  return maps;
}

export function refused(detail: string): Problem {
  return new Problem(400, 'usage', detail);
}
