/** The URL of a document store on MongoDB, as far as Meridian itself looks at it. */
import { MeridianError } from '../../../index.ts';

/** Where nothing is said of it. */
const DEFAULT_DATABASE = 'meridian';

const URL_PARTS =
  /^mongodb(?:\+srv)?:\/\/(?:(?<login>[^@/?]*)@)?(?<hosts>[^/?]*)(?:\/(?<database>[^?]*))?(?:\?(?<options>.*))?$/is;

export interface MongodbPlace {
  /** Several, separated by commas, of a replica set. */
  readonly hosts: string;
  readonly database: string;
}

/** @throws MeridianError `usage` for a URL that is not understood; the error does not contain the URL, which may hold a password */
export function mongodbPlace(url: string): MongodbPlace {
  const { hosts = '', database = '', options = '' } = URL_PARTS.exec(url)?.groups ?? {};
  // a password with / @ or ? in it as they are would be taken for hosts, for the database or for an option, and printed
  const isMisread = database.includes(':') || `${hosts}${database}${options}`.includes('@');
  if (hosts === '' || isMisread) {
    throw misunderstood();
  }
  try {
    return { hosts, database: decodeURIComponent(database) || DEFAULT_DATABASE };
  } catch {
    throw misunderstood();
  }
}

/** The names of the options, as they are written. */
export function optionNames(url: string): string[] {
  return [...new Set(optionsOf(url).map(([name]) => name))];
}

/** The text without what the URL says of who logs in and of options, but for truth values and small numbers of these. */
export function withoutSecrets(url: string, text: string): string {
  const { login = '' } = URL_PARTS.exec(url)?.groups ?? {};
  const values = optionsOf(url).map(([, value]) => value);
  const secrets = [
    ...piecesOf(login),
    ...values.flatMap(piecesOf).filter((piece) => !/^(?:true|false|\d{1,5})$/.test(piece)),
  ];
  return secrets.sort((a, b) => b.length - a.length).reduce(withoutWord, text);
}

function piecesOf(value: string): string[] {
  const pieces = [value, ...value.split(/[,:]/)];
  return [...pieces, ...pieces.map(decoded)].filter((piece) => piece !== '');
}

/** But not within a word, for a user may be called ann, and that cannot be left out. */
function withoutWord(text: string, word: string): string {
  const isPartOfWord = (neighbour: string | undefined) => /^[\p{L}\p{N}]/u.test(neighbour ?? '');
  return text.replaceAll(word, (match, offset: number) =>
    isPartOfWord(text[offset - 1]) || isPartOfWord(text[offset + word.length]) ? match : '…',
  );
}

function optionsOf(url: string): [name: string, value: string][] {
  const { options = '' } = URL_PARTS.exec(url)?.groups ?? {};
  return options.split('&').flatMap((option): [string, string][] => {
    const [, name = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(option) ?? [];
    return name === '' ? [] : [[decoded(name), value]];
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // it stands in messages as it is written
    return text;
  }
}

function misunderstood(): MeridianError {
  return new MeridianError(
    'usage',
    'DOCUMENTS_DATABASE_URL cannot be understood. Use mongodb://<user>:<password>@<host>:<port>/<database>, with characters such as / : @ ? # % of a password percent-encoded.',
  );
}

/** "MongoDB shop at localhost:27017" */
export function displayMongodb(url: string): string {
  const { hosts, database } = mongodbPlace(url);
  return `MongoDB database ${database} at ${hosts}`;
}
