/** Recognizes files that are not text by their first bytes, or by file name extension. */

interface Kind {
  /** The kind of file, to follow "is". */
  readonly what: string;
  /** A sentence with advice, without its full stop. */
  readonly advice: string;
  /** Its file name extensions. */
  readonly extensions?: readonly string[];
  /** Whether the first bytes match. */
  readonly begins: (bytes: Buffer) => boolean;
}

/** Number of examined bytes. */
const HEAD_BYTES = 4096;

const unpack = (program: string) => `Unpack it first, for example with ${program}`;
const SAVE_AS_CSV = 'Save its sheet as CSV in UTF-8 in the spreadsheet program';
const CONVERT = 'Convert it to CSV or NDJSON first';

const starts =
  (...hex: string[]) =>
  (bytes: Buffer): boolean =>
    hex.some((one) => bytes.subarray(0, one.length / 2).toString('hex') === one);

const startsWithText = (pattern: RegExp) => (bytes: Buffer) =>
  pattern.test(bytes.subarray(0, HEAD_BYTES).toString('latin1'));

const ZIP = starts('504b0304', '504b0506');
const inZip = (pattern: RegExp) => (bytes: Buffer) => ZIP(bytes) && startsWithText(pattern)(bytes);

/** The first match applies. */
const KINDS: readonly Kind[] = [
  {
    what: 'an Excel workbook (.xlsx)',
    advice: SAVE_AS_CSV,
    extensions: ['xlsx', 'xlsm'],
    begins: inZip(/\[Content_Types\]\.xml|xl\//),
  },
  {
    what: 'an OpenDocument spreadsheet (.ods)',
    advice: SAVE_AS_CSV,
    extensions: ['ods'],
    begins: inZip(/opendocument\.spreadsheet/),
  },
  {
    what: 'an Excel workbook of the old kind (.xls)',
    advice: SAVE_AS_CSV,
    extensions: ['xls'],
    begins: starts('d0cf11e0a1b11ae1'),
  },
  { what: 'a ZIP archive', advice: unpack('unzip'), extensions: ['zip'], begins: ZIP },
  { what: 'packed with bzip2', advice: unpack('bunzip2'), extensions: ['bz2'], begins: startsWithText(/^BZh\d1AY&SY/) },
  { what: 'packed with xz', advice: unpack('unxz'), extensions: ['xz'], begins: starts('fd377a585a00') },
  { what: 'packed with Zstandard', advice: unpack('unzstd'), extensions: ['zst'], begins: starts('28b52ffd') },
  { what: 'packed with LZ4', advice: unpack('unlz4'), extensions: ['lz4'], begins: starts('04224d18') },
  { what: 'packed with compress', advice: unpack('uncompress'), extensions: ['z'], begins: starts('1f9d') },
  { what: 'a 7-Zip archive', advice: unpack('7z x'), extensions: ['7z'], begins: starts('377abcaf271c') },
  { what: 'a RAR archive', advice: unpack('unrar x'), extensions: ['rar'], begins: starts('526172211a07') },
  {
    what: 'a tar archive',
    advice: unpack('tar -xf'),
    extensions: ['tar', 'tgz'],
    begins: (bytes) => bytes.toString('latin1', 257, 262) === 'ustar' && bytes.subarray(0, 257).includes(0),
  },
  // these bytes were decompressed once
  { what: 'packed with gzip twice', advice: unpack('gunzip'), extensions: ['gz'], begins: starts('1f8b08') },
  { what: 'a Parquet file', advice: CONVERT, extensions: ['parquet'], begins: startsWithText(/^PAR1\p{Cc}/u) },
  {
    what: 'an Arrow file',
    advice: CONVERT,
    extensions: ['arrow', 'feather'],
    begins: startsWithText(/^(?:ARROW1|FEA1)\p{Cc}/u),
  },
  { what: 'an Avro file', advice: CONVERT, extensions: ['avro'], begins: starts('4f626a01') },
  { what: 'an ORC file', advice: CONVERT, extensions: ['orc'], begins: startsWithText(/^ORC\p{Cc}/u) },
  {
    what: 'an SQLite database',
    advice: 'Export its table as CSV first, for example with sqlite3 -csv -header',
    extensions: ['db', 'sqlite', 'sqlite3'],
    begins: startsWithText(/^SQLite format 3\0/),
  },
  {
    what: 'a PostgreSQL dump',
    advice: 'Restore it, and export the table with \\copy … to … csv header',
    extensions: ['dump'],
    begins: startsWithText(/^PGDMP\p{Cc}/u),
  },
  { what: 'a PDF document', advice: 'Get the table as CSV', extensions: ['pdf'], begins: startsWithText(/^%PDF-/) },
  {
    what: 'a web page (HTML)',
    advice: 'Download the data itself; a page is often what a server answers instead of a file',
    extensions: ['html', 'htm'],
    begins: startsWithText(/^(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body|table)\b/i),
  },
  {
    what: 'an XML file',
    advice: CONVERT,
    extensions: ['xml'],
    begins: startsWithText(/^(?:\xef\xbb\xbf)?\s*<\?xml\b/i),
  },
  { what: 'a document in Rich Text Format', advice: 'Get the table as CSV', begins: startsWithText(/^\{\\rtf/) },
  {
    what: 'text in UTF-32',
    advice: 'Convert it to UTF-8, for example with iconv -f UTF-32 -t UTF-8',
    begins: (bytes) => isUtf32(bytes),
  },
];

/** @returns the kind of file with these first bytes, and advice: "is …. …."; `undefined` for text */
export function otherContent(bytes: Buffer): string | undefined {
  const kind = KINDS.find(({ begins }) => begins(bytes));
  return kind && `is ${kind.what}. ${kind.advice}.`;
}

/** The same for a file of which only the extension is known, in lower case. */
export function otherExtension(extension: string): string | undefined {
  const kind = KINDS.find(({ extensions }) => extensions?.includes(extension));
  return kind && `is, as its name says, ${kind.what}. ${kind.advice}.`;
}

function isUtf32(bytes: Buffer): boolean {
  const head = bytes.subarray(0, 8).toString('hex');
  return (
    /^(?:fffe0000|0000feff)/.test(head) ||
    /^(?!00)..000000(?!00)..000000$/.test(head) ||
    /^000000(?!00)..000000(?!00)..$/.test(head)
  );
}
