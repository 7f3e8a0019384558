/** docs/reference/file-formats.md: formats, columns, rules and limits of the files that are loaded, and of the rejects file. */
import type { EntityClass } from '@mikro-orm/core';
import { allTables, type TableDeclaration } from '../../src/database/declaration.ts';
import { block, code, grouped, page, table } from './markdown.ts';
import { rulesOf } from './rules.ts';
import {
  catalog,
  Database,
  FORMATS,
  type Format,
  formatOf,
  MAX_DEPTH,
  MAX_FIELDS,
  MAX_NAME_CHARACTERS,
  MAX_RECORD_CHARACTERS,
  MEMORY,
  type NaturalKey,
  shapeOf,
} from './sources.ts';

const RECORDS: Readonly<Record<Format, string>> = {
  csv: 'a row below a header row (RFC 4180); the delimiter is detected',
  tsv: 'a row below a header row, separated by tabs',
  json: 'an object in one array, which may be within a document',
  ndjson: 'an object on a line of its own, or a line of a rejects file',
  xlsx: 'a row of a sheet below its header row',
  parquet: 'a row',
};

const EXTENSIONS = ['csv', 'tsv', 'txt', 'json', 'ndjson', 'jsonl', 'xlsx', 'parquet'];

const REJECT = {
  number: 10,
  line: 11,
  record: { id: '10', name: '', email: 'jane@example.com' },
  errors: [{ property: 'name', code: 'isNotEmpty', message: 'Name cannot be empty' }],
};

export async function fileFormatsPage(): Promise<string> {
  return page(
    'File formats',
    'What `populate` reads and writes. [Loading files](../guides/loading-files.md) explains how values, quotes and encodings are read.',
    '## Formats',
    table(
      ['`--format`', 'extensions', 'a record is'],
      FORMATS.map((format) => [
        code(format),
        EXTENSIONS.filter((extension) => formatOf(`file.${extension}`) === format)
          .map((extension) => code(`.${extension}`))
          .join(', '),
        RECORDS[format],
      ]),
    ),
    'The encoding of text is detected, or [named](../files.md#encoding). A file may be [compressed, or in an archive](../files.md#compressed-files-and-archives); `.gz`, `.bz2`, `.zst` or `.zip` may follow its extension.',
    '## Limits',
    table(
      ['what', 'limit'],
      [
        ['a record', `${MAX_RECORD_CHARACTERS / 1024 / 1024} MiB of text`],
        ['fields of a row, keys and elements of a JSON record', grouped(MAX_FIELDS)],
        ['levels of a JSON record', grouped(MAX_DEPTH)],
        ['the name of a column or key', `${grouped(MAX_NAME_CHARACTERS)} characters`],
      ],
    ),
    ...(await Promise.all(allTables(catalog).map(section))).flat(),
    '## Rejects file',
    'One JSON object per line. `number` counts the records of the source, `line` is where the record starts, `record` is what was read, ' +
      '`errors` lists what is wrong with it ([codes](error-codes.md#rejected-records)). `map` is there if `--map` named columns.',
    block('json', JSON.stringify(REJECT)),
  );
}

async function section({ database, entity, name: title }: TableDeclaration): Promise<string[]> {
  const described = await Database.unconnected(database, { location: { engine: 'sqlite', file: MEMORY } });
  const metadata = described.metadataOf(entity.entity);
  const { properties, primaryKey } = shapeOf(metadata);
  const { references = {}, naturalKeys = [] } = entity;
  const rows = properties.map(({ name, required }) => [
    code(name),
    required ? 'yes' : '',
    [
      ...rulesOf(entity.entity as EntityClass<object>, name).map(({ message }) => `${message}.`),
      ...(references[name] === undefined ? [] : [`Refers to ${references[name].database}.`]),
    ].join(' '),
  ]);
  return [
    `## ${title}`,
    table(['property', 'required', 'rules, as a rejection words them'], rows),
    `A record is a duplicate of another one with ${[...[primaryKey, ...naturalKeys].map(keyText)].join(', or ')}.`,
  ];
}

function keyText({ properties, ignoreCase, onlyWithout }: NaturalKey): string {
  const names = properties.map(code).join(' and ');
  return `the same ${names}${ignoreCase ? ' (case of A–Z ignored)' : ''}${onlyWithout === undefined ? '' : ` where it has no ${code(onlyWithout)}`}`;
}
