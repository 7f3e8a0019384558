/** The URL of a document store on MongoDB, as far as Meridian itself looks at it. */
import { MeridianError } from '../../errors.ts';

/** Where nothing is said of it. */
export const DEFAULT_DATABASE = 'meridian';

const URL_PARTS = /^mongodb(?:\+srv)?:\/\/(?:[^@/]*@)?(?<hosts>[^/?]*)(?:\/(?<database>[^?]*))?/i;

export interface MongodbPlace {
  /** Several, separated by commas, of a replica set. */
  readonly hosts: string;
  readonly database: string;
}

/** @throws MeridianError `usage` for a URL without a host; it never tells the URL, which may hold a password */
export function mongodbPlace(url: string): MongodbPlace {
  const { hosts = '', database = '' } = URL_PARTS.exec(url)?.groups ?? {};
  if (hosts === '') {
    throw new MeridianError(
      'usage',
      'DOCUMENTS_DATABASE_URL names no host. Use mongodb://<user>:<password>@<host>:<port>/<database>, with characters such as / : @ ? # % of a password percent-encoded.',
    );
  }
  return { hosts, database: database || DEFAULT_DATABASE };
}

/** "MongoDB shop at localhost:27017" */
export function displayMongodb(url: string): string {
  const { hosts, database } = mongodbPlace(url);
  return `MongoDB database ${database} at ${hosts}`;
}
