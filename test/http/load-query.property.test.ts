/** What `/openapi.json` says of the settings of a load is what the server accepts. */
import { expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { moduleOptions } from '../../src/http/loads/extensions.ts';
import { LOAD_PARAMETERS, readLoadQuery } from '../../src/http/loads/load-query.ts';
import { Problem } from '../../src/http/problem.ts';
import { queryReader } from '../../src/http/route/query.ts';
import { shop } from '../../src/shop/cli/shop.module.ts';
import { depth } from '../support/depth.ts';
import { oddText } from '../support/odd-values.ts';

/** Texts that each setting can be, and nearly can be. */
const USUAL = [
  ...[
    '',
    ' ',
    '\t',
    '\0',
    '\n',
    '\ufeff',
    'é',
    '0',
    '007',
    '1',
    'a',
    ',',
    '.',
    ';',
    '"',
    "'",
    '’',
    '_',
    '|',
    'tab',
    'none',
    'all',
  ],
  ...[
    'csv',
    'json',
    'xlsx',
    'true',
    'utf-8',
    'latin1',
    ' utf-16le ',
    'iso_8859-1:1987',
    '866',
    'utf-9',
    '#',
    '# x',
    '//',
    'x\ny',
  ],
  ...[
    'id,name',
    'id,,name',
    'id, ',
    'id,id',
    'Sheet 1',
    'data.items',
    '€',
    '€,EUR',
    'EUR 1',
    '-',
    '+',
    'parentheses',
    'trailing',
  ],
  ...[
    'NA,N/A',
    'dd.MM.yyyy',
    'yy-M-d',
    'dd.MM',
    'yyyy',
    "'yyMd'",
    'Europe/Berlin',
    'UTC',
    '+05:30',
    'Etc/GMT+5',
    'Mars',
    '50',
    '1%',
  ],
  ...['userId=CustomerID', 'a=b,c=d', 'a=', '=b', 'a=b,', 'a=b=c', 'update', 'reject'],
];

/** No schema knows which encodings, time zones and dates there are, that a column has one name, or the classes of Unicode. */
const IS_WIDER = new Set(['encoding', 'timezone', 'dateFormat', 'columns', 'sheet', 'delimiter', 'quote']);

const ajv = new Ajv2020({ strict: false });
const settings = Object.entries(LOAD_PARAMETERS).filter(([, { type }]) => type === 'string');

function accepts(name: string, value: string): boolean {
  try {
    readLoadQuery(queryReader(LOAD_PARAMETERS)({ [name]: value }));
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(Problem);
    expect(error).toMatchObject({ status: 400 });
    return false;
  }
}

test.each(settings)('%s', (name, schema) => {
  const isDescribed = ajv.compile(schema);
  const value = fc.oneof(
    fc.constantFrom(...USUAL),
    oddText,
    fc.array(fc.constantFrom(...USUAL), { maxLength: 3 }).map(String),
  );
  fc.assert(
    fc.property(value, (one) => {
      const isAccepted = accepts(name, one);
      if (isAccepted || !IS_WIDER.has(name)) {
        expect([one, isDescribed(one)]).toEqual([one, isAccepted]);
      }
    }),
    { numRuns: depth(200, 3000), examples: USUAL.map((one): [string] => [one]) },
  );
});

test.each(settings.filter(([name]) => !['table', 'name', 'map'].includes(name)))(
  '%s cannot be empty',
  (name, schema) => {
    expect([accepts(name, ''), ajv.validate(schema, '')]).toEqual([false, false]);
  },
);

test('options of modules that take a value cannot be empty', () => {
  const options = moduleOptions([shop]);
  expect(Object.keys(options)).toContain('region');
  for (const [name, { parameter }] of Object.entries(options)) {
    expect([name, ajv.validate(parameter, '')]).toEqual([name, false]);
    expect(() => queryReader({ [name]: parameter })({ [name]: '' })).toThrow(/^The query parameter \w+ is /);
  }
});
