/** The URL of a document store on MongoDB, as far as Meridian itself looks at it. */
import { MeridianError } from '../../errors.ts';

/** Where nothing is said of it. */
export const DEFAULT_DATABASE = 'meridian';

const URL_PARTS = /^mongodb(?:\+srv)?:\/\/(?<login>[^@/?]*@)?(?<hosts>[^/?]*)(?:\/(?<database>[^?]*))?/i;

export interface MongodbPlace {
  /** Several, separated by commas, of a replica set. */
  readonly hosts: string;
  readonly database: string;
}

/** @throws MeridianError `usage` for a URL that is not understood; it never tells the URL, which may hold a password */
export function mongodbPlace(url: string): MongodbPlace {
  const { login, hosts = '', database = '' } = URL_PARTS.exec(url)?.groups ?? {};
  // a password with / @ or ? in it as they are would be taken for hosts or for the database, and told
  const isMisread = /[@:]/.test(database) || hosts.includes('@') || (login === undefined && url.includes('@'));
  if (hosts === '' || isMisread) {
    throw misunderstood();
  }
  try {
    return { hosts, database: decodeURIComponent(database) || DEFAULT_DATABASE };
  } catch {
    throw misunderstood();
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
