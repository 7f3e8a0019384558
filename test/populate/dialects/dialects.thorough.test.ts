/** Files as other programs write them, loaded with the options that they need: what each gives, and what is said about it. */
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { meridian } from '../../support/command.ts';
import { rowsOf } from '../../support/databases.ts';
import { makeFolder, writeIn } from '../../support/folder.ts';

interface Dialect {
  readonly name: string;
  readonly file?: string;
  readonly content: string | Uint8Array;
  readonly options?: readonly string[];
  /** The products that are loaded: id, name, price. */
  readonly products?: readonly (readonly [number, string, number])[];
  /** What the JSON of the run says was detected. */
  readonly detected?: readonly string[];
  /** Messages of rejects, in the order of their records. */
  readonly rejects?: readonly RegExp[];
  /** Why nothing is loaded. */
  readonly error?: RegExp;
}

const latin1 = (text: string) => Buffer.from(text, 'latin1');
const TWO = [
  [1, 'Mug', 500],
  [2, 'Lamp', 1250],
] as const;
const UTF8_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

const DIALECTS: readonly Dialect[] = [
  { name: 'commas', content: 'id,name,price\n1,Mug,5\n2,Lamp,12.50\n', products: TWO },
  { name: 'semicolons', content: 'id;name;price\n1;Mug;5\n2;Lamp;12.50\n', products: TWO, detected: ['delimiter ";"'] },
  {
    name: 'tabs in a .csv',
    content: 'id\tname\tprice\n1\tMug\t5\n2\tLamp\t12.50\n',
    products: TWO,
    detected: ['delimiter tab'],
  },
  {
    name: 'semicolons in a .tsv',
    file: 'p.tsv',
    content: 'id;name;price\n1;Mug;5\n2;Lamp;12.50\n',
    products: TWO,
    detected: ['delimiter ";"'],
  },
  {
    name: 'bars in a .txt',
    file: 'p.txt',
    content: 'id|name|price\n1|Mug|5\n2|Lamp|12.50\n',
    products: TWO,
    detected: ['delimiter "|"'],
  },
  {
    name: 'a first line sep=;',
    content: 'sep=;\r\nid;name;price\r\n1;Mug;5\r\n2;Lamp;12.50\r\n',
    products: TWO,
    detected: ['delimiter ";"'],
  },
  {
    name: 'a delimiter by option',
    content: 'id^name^price\n1^Mug^5\n2^Lamp^12.50\n',
    options: ['--delimiter', '^'],
    products: TWO,
  },
  {
    name: 'a delimiter for one table',
    content: 'id:name:price\n1:Mug:5\n2:Lamp:12.50\n',
    options: ['--delimiter', 'products=:'],
    products: TWO,
  },
  {
    name: 'two delimiters that fit',
    content: 'id;name,price\n1;Mug,5\n',
    error: /can be separated by "," or by ";".*line 1: "id;name,price"; line 2: "1;Mug,5".*--delimiter/,
  },
  {
    name: 'Excel, German: semicolons, decimal commas, Windows-1252',
    content: latin1('id;name;price\r\n1;Müsli;1.234,50\r\n2;Käse;5\r\n'),
    options: ['--decimal', ',', '--thousands', '.'],
    products: [
      [1, 'Müsli', 123450],
      [2, 'Käse', 500],
    ],
    detected: ['encoding windows-1252', 'delimiter ";"'],
  },
  {
    name: 'the same without its decimal sign',
    content: 'id;name;price\n1;Mug;1,50\n2;Lamp;1.234\n',
    error:
      /decimal comma, so "1\.234" can be a whole number or not \(line 2: "1,50", line 3: "1\.234"\)\. Name the decimal sign with --decimal/,
  },
  {
    name: 'Excel, Italian, in an encoding that is not certain',
    content: latin1('id;name;price\r\n1;Caffè;1,50\r\n'),
    options: ['--decimal', ','],
    error: /is not in UTF-8.*line 2: "Caffè" in windows-1252 or "Caffč" in iso-8859-2.*--encoding/,
  },
  {
    name: 'Excel, Italian',
    content: latin1('id;name;price\r\n1;Caffè;1.234,50\r\n'),
    options: ['--decimal', ',', '--thousands', '.', '--encoding', 'windows-1252'],
    products: [[1, 'Caffè', 123450]],
    detected: ['delimiter ";"'],
  },
  {
    name: 'Excel, French: no-break spaces and a euro sign',
    content: `id;name;price\n1;Thé;1\u00a0234,50\u00a0€\n2;Café;1\u202f000 €\n`,
    options: ['--decimal', ',', '--thousands', ' ', '--currency', '€'],
    products: [
      [1, 'Thé', 123450],
      [2, 'Café', 100000],
    ],
    detected: ['delimiter ";"'],
  },
  {
    name: 'Swiss apostrophes',
    content: "id,name,price\n1,Mug,CHF 1'234.50\n",
    options: ['--thousands', "'", '--currency', 'CHF'],
    products: [[1, 'Mug', 123450]],
  },
  {
    name: 'a byte order mark',
    content: Buffer.concat([UTF8_MARK, Buffer.from('id,name,price\n1,Müsli,5\n')]),
    products: [[1, 'Müsli', 500]],
  },
  {
    name: 'Excel, "Unicode text": UTF-16 with tabs',
    file: 'p.txt',
    content: Buffer.from('\ufeffid\tname\tprice\r\n1\tMüsli\t5\r\n', 'utf16le'),
    products: [[1, 'Müsli', 500]],
    detected: ['encoding utf-16le', 'delimiter tab'],
  },
  {
    name: 'UTF-16, high byte first, without a mark',
    content: Buffer.from('id,name,price\n1,Mug,5\n2,Lamp,12.50\n', 'utf16le').swap16(),
    products: TWO,
    detected: ['encoding utf-16be'],
  },
  {
    name: 'UTF-16 of a short file, high byte first, without a mark, with characters beyond Latin-1',
    content: Buffer.from('id,name,price\n1,Łódź,5\n', 'utf16le').swap16(),
    products: [[1, 'Łódź', 500]],
    detected: ['encoding utf-16be'],
  },
  {
    name: 'ISO-8859-2, in which alone its words are words',
    // Łódź, żółw, Dvořák
    content: Buffer.from(
      'id,name,price\n1,\xa3\xf3d\xbc,5\n2,\xbf\xf3\xb3w,5\n3,Dvo\xf8\xe1k,5\n4,\xdfw,5\n',
      'latin1',
    ),
    products: [
      [1, 'Łódź', 500],
      [2, 'żółw', 500],
      [3, 'Dvořák', 500],
      [4, 'ßw', 500],
    ],
    detected: ['encoding iso-8859-2'],
  },
  {
    name: 'a single byte that is a letter in one encoding alone, by chance or not',
    content: Buffer.from('id,name,price\n1,\xbfaba,5\n', 'latin1'),
    error: /its encoding cannot be determined.*Name it with --encoding/,
  },
  {
    name: 'DOS, which cannot be read',
    // Müller, Größe, Žluťoučký as code page 850 has the first two
    content: Buffer.from('id,name,price\n1,M\x81ller,5\n2,Gr\x94\xe1e,5\n3,\x8e\x99\x9a,5\n', 'latin1'),
    error: /its encoding cannot be determined/,
  },
  {
    name: 'ISO-8859-15 by option',
    content: Buffer.from([...latin1('id,name,price\n1,'), 0xa4, ...latin1('-Box,5\n')]),
    options: ['--encoding', 'iso-8859-15'],
    products: [[1, '€-Box', 500]],
  },
  {
    name: 'Windows-1251 by option',
    content: Buffer.from([...latin1('id,name,price\n1,'), 0xd7, 0xe0, 0xe9, ...latin1(',5\n')]),
    options: ['--encoding', 'windows-1251'],
    products: [[1, 'Чай', 500]],
  },
  {
    name: 'an invalid byte among UTF-8',
    content: Buffer.concat([
      Buffer.from('id,name,price\n1,Müsli,5\n2,Bär '),
      Buffer.from([0xff]),
      Buffer.from('x,5\n3,Lamp,5\n'),
    ]),
    products: [
      [1, 'Müsli', 500],
      [3, 'Lamp', 500],
    ],
    rejects: [/not valid UTF-8 \(byte 0xFF/],
  },
  {
    name: 'single quotes',
    content: "id,name,price\n1,'Mug, blue',5\n2,'it''s',12.50\n",
    options: ['--quote', "'"],
    products: [
      [1, 'Mug, blue', 500],
      [2, "it's", 1250],
    ],
  },
  {
    name: 'no quotes',
    content: 'id,name,price\n1,"5"" nail,5\n',
    options: ['--quote', 'none'],
    products: [[1, '"5"" nail', 500]],
  },
  {
    name: "R's row names and quotes",
    content: '"","id","name","price"\n"1",1,"Mug",5\n"2",2,"Lamp",12.5\n',
    products: TWO,
  },
  {
    name: 'missing values of R',
    content: 'id,name,price,sku\n1,Mug,5,NA\n',
    options: ['--null', 'NA'],
    products: [[1, 'Mug', 500]],
  },
  {
    name: "MySQL's \\N",
    file: 'p.tsv',
    content: '1\tMug\t5\t\\N\n2\tLamp\t12.50\t\\N\n',
    options: ['--null', '\\N', '--columns', 'id,name,price,sku', '--quote', 'none'],
    products: TWO,
  },
  {
    name: "PostgreSQL's COPY text",
    file: 'p.txt',
    content: '1\tMug\t5\n2\tLamp\t12.50\n',
    options: ['--null', '\\N', '--columns', 'id,name,price', '--quote', 'none'],
    products: TWO,
    detected: ['delimiter tab'],
  },
  {
    name: 'comments, lines before the header, blank lines at the end',
    content: 'Export of 2026\n\n# products\nid,name,price\n1,Mug,5\n# more\n2,Lamp,12.50\n\n\n',
    options: ['--skip-lines', '2', '--comment', '#'],
    products: TWO,
  },
  {
    name: 'SAP: a delimiter at the end of every row',
    content: 'id;name;price\n1;Mug;5;\n2;Lamp;12.50;\n',
    products: TWO,
    detected: ['delimiter ";"', 'delimiter at the end of rows ignored'],
  },
  { name: 'blank columns at the end', content: 'id,name,price,,\n1,Mug,5,,\n2,Lamp,12.50,,\n', products: TWO },
  {
    name: 'a header with a line break',
    content: 'id,"name",price,"in\nstock"\n1,Mug,5,7\n2,Lamp,12.50,8\n',
    products: TWO,
  },
  {
    name: 'ragged rows',
    content: 'id,name,price\n1,Mug,5\n9,Short\n2,Lamp,12.50\n',
    products: TWO,
    rejects: [/The row has 2 fields where the header names 3/],
  },
  {
    name: 'the header again',
    content: 'id,name,price\n1,Mug,5\nid,name,price\n2,Lamp,12.50\n',
    products: TWO,
    rejects: [/The row is the header again/],
  },
  {
    name: 'a quote that is not closed',
    content: 'id,name,price\n1,Mug,5\n9,"Broken,5\n2,Lamp,12.50\n',
    products: TWO,
    rejects: [/A quote is opened in this row and not properly closed, and line 4 is the next with 3 fields/],
  },
  {
    name: 'the same, strictly',
    content: 'id,name,price\n9,"Broken,5\n2,Lamp,12.50\n',
    options: ['--strict-format'],
    error: /line 2: a quote is opened here/,
  },
  {
    name: 'NDJSON with a broken line',
    file: 'p.ndjson',
    content: '{"id":1,"name":"Mug","price":"5"}\n{"id":\n{"id":2,"name":"Lamp","price":12.50}\n',
    products: TWO,
    rejects: [/not valid JSON/],
  },
  {
    name: 'the same, strictly: the records before it are loaded',
    file: 'p.ndjson',
    content: '{"id":1,"name":"Mug","price":"5"}\n{"id":\n{"id":2}\n',
    options: ['--strict-format'],
    error: /line 2: The line is not valid JSON/,
  },
  {
    name: 'numbers of JSON beside a decimal comma',
    file: 'p.ndjson',
    content: '{"id":1,"name":"Mug","price":5.00}\n{"id":2,"name":"Lamp","price":"12,50"}\n',
    options: ['--decimal', ','],
    products: TWO,
  },
  { name: 'rows that end with CR', content: 'id,name,price\r1,Mug,5\r2,Lamp,12.50\r', products: TWO },
  {
    name: 'UTF-16 with a delimiter and a line break within quotes',
    content: Buffer.from('\ufeffid;name;price\r\n1;"Mug;\nblue";5\r\n2;Lamp;12.50\r\n', 'utf16le'),
    products: [
      [1, 'Mug;\nblue', 500],
      [2, 'Lamp', 1250],
    ],
    detected: ['encoding utf-16le', 'delimiter ";"'],
  },
  {
    name: 'quotes that a backslash escapes',
    content: 'id,name,price\n1,"Mug \\"blue\\"",5\n2,Lamp,12.50\n',
    products: [[2, 'Lamp', 1250]],
    rejects: [/A quote is opened in this row and not properly closed/],
  },
  {
    name: 'currencies behind amounts',
    content: 'id;name;price\n1;Mug;5,00 EUR\n2;Lamp;12,50€\n',
    options: ['--decimal', ',', '--currency', '€,EUR'],
    products: TWO,
    detected: ['delimiter ";"'],
  },
  {
    name: 'a percentage is no amount',
    content: 'id,name,price\n1,Mug,5%\n2,Lamp,12.50\n',
    products: [[2, 'Lamp', 1250]],
    rejects: [/must be a decimal number/],
  },
  {
    name: 'nor is an amount in parentheses, or with groups of two digits',
    content: 'id,name,price\n1,Mug,(5.00)\n3,Sofa,"1,23,456.00"\n2,Lamp,12.50\n',
    options: ['--thousands', ','],
    products: [[2, 'Lamp', 1250]],
    rejects: [/must be a decimal number/],
  },
  {
    name: 'white space that is kept',
    content: 'id,name,price\n1, Mug ,5\n',
    options: ['--trim', 'none'],
    products: [[1, ' Mug ', 500]],
  },
];

test.each(DIALECTS.map((dialect) => [dialect.name, dialect] as const))('%s', async (_, dialect) => {
  const { file = 'p.csv', content, options = [], products = [], detected = [], rejects = [], error } = dialect;
  const cwd = makeFolder();
  writeIn(cwd, file, content);
  const { code, stdout, stderr } = await meridian(['populate', '--json', '--products', file, ...options], { cwd });
  if (error !== undefined) {
    expect(code).toBe(1);
    expect(stderr).toMatch(error);
    return;
  }
  expect([code, stderr.match(/Error.*/)?.[0]]).toEqual([0, undefined]);
  const report = (JSON.parse(stdout) as { products: Report }).products;
  const rows = rowsOf(join(cwd, 'databases'), 'products') as { id: number; name: string; price_cents: number }[];
  expect(rows.map(({ id, name, price_cents: price }) => [id, name, price])).toEqual(products);
  expect((report.detected ?? []).map(({ setting, value }) => `${setting} ${value}`)).toEqual(detected);
  expect(report.reasons.map(({ message }) => message)).toEqual(rejects.map((one) => expect.stringMatching(one)));
});

interface Report {
  readonly detected?: readonly { readonly setting: string; readonly value: string }[];
  readonly reasons: readonly { readonly message: string }[];
}

const ORDER = 'id,userId,productId,quantity,placedAt\n1,1,1,1,';

test.each([
  ['summer time', '01.07.2026 12:00', ['--date-format', 'dd.MM.yyyy HH:mm', '--timezone', 'Europe/Berlin'], /^$/],
  [
    'a time that is missing',
    '29.03.2026 02:30',
    ['--date-format', 'dd.MM.yyyy HH:mm', '--timezone', 'Europe/Berlin'],
    /it does not exist in Europe\/Berlin, where the clocks were put forward/,
  ],
  [
    'a time that is there twice',
    '2026-10-25 02:30:00',
    ['--timezone', 'Europe/Berlin'],
    /it is ambiguous in Europe\/Berlin, where the clocks were put back/,
  ],
  ['a time without a zone', '2026-07-01 12:00:00', [], /name it with --timezone/],
  ['a year of two digits', '31.07.26 12:00', [], /say how dates are written with --date-format/],
  ['the same in either order', '01.07.26 12:00', [], /can be read with the day or the month first/],
  ['the same by option', '01.07.26 12:00', ['--date-format', 'dd.MM.yy HH:mm', '--timezone', 'UTC'], /^$/],
  [
    'a year of three digits by option',
    '01.07.026 12:00',
    ['--date-format', 'dd.MM.yyy HH:mm'],
    /--date-format dd\.MM\.yyy HH:mm: it has to be a pattern of yyyy/,
  ],
  [
    'the name of a month',
    '1 Jul 2026 12:00',
    [],
    /Placed at must be an ISO 8601 date and time with a zone \(say how dates are written with --date-format, such as d MMM yyyy/,
  ],
  ['the same by option', '1 Jul 2026 12:00', ['--date-format', 'd MMM yyyy HH:mm', '--timezone', 'UTC'], /^$/],
  [
    'a day and a month in either order',
    '03/04/2026 10:00',
    [],
    /"03\/04\/2026 10:00" can be read with the day or the month first \(line 2.*--date-format/,
  ],
])('%s', async (_, placedAt, options, message) => {
  const cwd = makeFolder();
  writeIn(cwd, 'orders.csv', `${ORDER}${placedAt}\n`);
  const { stdout, stderr } = await meridian(['populate', '--dry-run', '--json', '--orders', 'orders.csv', ...options], {
    cwd,
  });
  const said = `${stdout}${stderr}`;
  if (message.source === '^$') {
    expect(said).not.toMatch(/Placed at/);
  } else {
    expect(said).toMatch(
      message.source.includes('can be read') ? /can be read with the day or the month first/ : message,
    );
  }
});

test.each<[string, string, readonly string[], RegExp]>([
  [
    'only values with three digits behind a full stop',
    'id;name;price\n1;Mug;1.234\n2;Lamp;12.500\n',
    [],
    /the full stop in "1\.234" can be a decimal sign or group digits \(line 2: "1\.234", line 3: "12\.500"\)/,
  ],
  ['a single one', 'id;name;price\n1;Mug;1.234\n2;Lamp;5\n', [], /group digits \(line 2: "1\.234"\)/],
  ['several groups', 'id;name;price\n1;Mug;1.234.567\n', [], /group digits/],
  ['one with two digits', 'id;name;price\n1;Mug;1.234\n2;Lamp;5.50\n', [], /"read":2/],
  ['one below 1', 'id;name;price\n1;Mug;1.234\n2;Lamp;0.500\n', [], /"read":2/],
  ['commas between fields', 'id,name,price\n1,Mug,1.234\n', [], /"read":1/],
  ['the decimal sign', 'id;name;price\n1;Mug;1.234\n', ['--decimal', '.'], /"read":1/],
  ['the sign of groups', 'id;name;price\n1;Mug;1.234\n', ['--thousands', '.', '--decimal', ','], /"inserted":1/],
])('semicolons and %s', async (_, content, options, expected) => {
  const cwd = makeFolder();
  writeIn(cwd, 'p.csv', content);
  const { stdout } = await meridian(['populate', '--dry-run', '--json', '--products', 'p.csv', ...options], { cwd });
  expect(stdout.replaceAll('\\"', '"')).toMatch(expected);
});
