/** Converts errors of MongoDB and of its connection to errors for users. */
import { MeridianError, messageOf } from '../../../index.ts';
import { SELECTION_SECONDS } from './collections.ts';
import { displayMongodb, mongodbPlace, optionNames, withoutSecrets } from './url.ts';

/** Server error codes that concern the document: https://www.mongodb.com/docs/manual/reference/error-codes */
const ABOUT_DOCUMENTS = new Set([2, 9, 14, 52, 57, 121, 10334, 17280, 17419, 17420]);

/** @returns the error; MeridianErrors are not changed. Messages contain only hosts and database of the URL */
export function explainMongodbError(url: string, error: unknown): unknown {
  if (error instanceof MeridianError) {
    return error;
  }
  const { name = '', code } = (error ?? {}) as { name?: string; code?: unknown };
  if (!/^(Mongo|BSON)/.test(name) && typeof code !== 'string') {
    return error;
  }
  const { hosts } = mongodbPlace(url);
  const message = withoutSecrets(url, messageOf(error)).slice(0, 500);
  const fail = (sentence: string, kind: 'database' | 'usage' | 'document' = 'database') =>
    new MeridianError(kind, `documents: ${sentence}`, { cause: error });
  if (name === 'MongoServerSelectionError') {
    return fail(
      `no MongoDB server answers at ${hosts} (${message}). Start it, or correct host and port in DOCUMENTS_DATABASE_URL; it was looked for ${SELECTION_SECONDS} seconds, unless the URL says otherwise.`,
    );
  }
  if (code === 18 || code === 8000 || /Authentication failed/i.test(message)) {
    return fail(
      `the MongoDB server at ${hosts} refuses the user or the password. Correct them in DOCUMENTS_DATABASE_URL.`,
    );
  }
  if (code === 13) {
    return fail(
      `the user lacks a permission in ${displayMongodb(url)} (${message}). Grant readWrite, or use another user.`,
    );
  }
  if (name === 'MongoMissingDependencyError') {
    return fail(`an option in DOCUMENTS_DATABASE_URL needs a package that is not installed: ${message}`, 'usage');
  }
  const isUrlError = code === 'ERR_INVALID_URL' || /^Unable to parse .* with URL$/.test(message);
  if (['MongoParseError', 'MongoInvalidArgumentError', 'MongoAPIError'].includes(name) || isUrlError) {
    return fail(unusable(url, messageOf(error)), 'usage');
  }
  if (['ENOENT', 'EACCES', 'EISDIR'].includes(String(code))) {
    return fail(
      `a file that an option in DOCUMENTS_DATABASE_URL names cannot be read (${String(code)}). Correct it.`,
      'usage',
    );
  }
  if (name === 'BSONError' || (typeof code === 'number' && ABOUT_DOCUMENTS.has(code))) {
    return fail(`${displayMongodb(url)} refused: ${message}.`, 'document');
  }
  if (/Network|Topology|Pool|NotConnected|Closed|Timeout/.test(name) || typeof code === 'string') {
    return fail(
      `the connection to ${displayMongodb(url)} was lost (${message}). The work continues from there when the server is up again.`,
    );
  }
  return fail(
    `${displayMongodb(url)} failed (${message}). Fix that and run the same command again: it continues from there.`,
  );
}

/** The error for an invalid URL. The driver's message may quote values or the whole URL, so only the option names are taken from it. */
function unusable(url: string, message: string): string {
  const names = optionNames(url);
  const mentioned = names.filter((name) => message.toLowerCase().includes(name.toLowerCase()));
  const suspects = mentioned.length > 0 ? mentioned : names;
  const what =
    suspects.length === 0
      ? 'Check its user, hosts and ports'
      : `Check ${suspects.length === 1 ? 'the option' : 'the options'} ${suspects.join(', ')}: it does not exist, or does not take that value`;
  return `the URL in DOCUMENTS_DATABASE_URL cannot be used. ${what} (https://www.mongodb.com/docs/manual/reference/connection-string-options).`;
}
