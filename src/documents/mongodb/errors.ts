/** What an error of MongoDB, or of the way to it, means for the person who has to deal with it. */
import { MeridianError, messageOf } from '../../errors.ts';
import { SELECTION_SECONDS } from './collections.ts';
import { displayMongodb, mongodbPlace } from './url.ts';

/** Server codes that say that it is the document that cannot be taken: https://www.mongodb.com/docs/manual/reference/error-codes */
const ABOUT_DOCUMENTS = new Set([2, 9, 14, 52, 57, 121, 10334, 17280, 17419, 17420]);

/** @returns MeridianErrors as they are; nothing that the URL says but hosts and database is told */
export function explainMongodbError(url: string, error: unknown): unknown {
  if (error instanceof MeridianError) {
    return error;
  }
  const { name = '', code } = (error ?? {}) as { name?: string; code?: unknown };
  if (!/^(Mongo|BSON)/.test(name) && typeof code !== 'string') {
    return error;
  }
  const { hosts } = mongodbPlace(url);
  const message = messageOf(error).slice(0, 500);
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
  if (['MongoParseError', 'MongoInvalidArgumentError', 'MongoMissingDependencyError', 'MongoAPIError'].includes(name)) {
    return fail(`the URL in DOCUMENTS_DATABASE_URL cannot be used: ${message}.`, 'usage');
  }
  if (/^(BSON|MongoRuntimeError$)/.test(name) || (typeof code === 'number' && ABOUT_DOCUMENTS.has(code))) {
    return fail(`${displayMongodb(url)} refused: ${message}.`, 'document');
  }
  if (/Network|Topology|Pool|NotConnected|Closed|Timeout/.test(name) || typeof code === 'string') {
    return fail(
      `the connection to ${displayMongodb(url)} was lost (${message}). When the server is up again, it goes on from there.`,
    );
  }
  return fail(`${displayMongodb(url)} failed (${message}). When that is mended, it goes on from there.`);
}
