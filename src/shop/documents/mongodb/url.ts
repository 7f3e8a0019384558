/** Parses the parts of a MongoDB URL that Meridian needs. */
import { MeridianError } from '../../../index.ts';

/** The database if the URL does not name one. */
const DEFAULT_DATABASE = 'meridian';

const URL_PARTS =
  /^mongodb(?:\+srv)?:\/\/(?:(?<login>[^@/?]*)@)?(?<hosts>[^/?]*)(?:\/(?<database>[^?]*))?(?:\?(?<options>.*))?$/is;

export interface MongodbPlace {
  /** The hosts, separated by commas if there are several. */
  readonly hosts: string;
  readonly database: string;
}

/** @throws MeridianError `usage` for an invalid URL; the message does not contain the URL, which may contain a password */
export function mongodbPlace(url: string): MongodbPlace {
  const { hosts = '', database = '', options = '' } = URL_PARTS.exec(url)?.groups ?? {};
  // a password with an unencoded / @ or ? would be parsed as hosts, database or option, and printed
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

/** The option names, as written in the URL. */
export function optionNames(url: string): string[] {
  return [...new Set(optionsOf(url).map(([name]) => name))];
}

/** Removes the credentials and option values of the URL from a text, except booleans and small numbers. */
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

/** Replaces only whole words, since a user name such as ann may occur within other words. */
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
    // messages contain the text as written
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
