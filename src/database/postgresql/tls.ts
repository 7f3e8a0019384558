/** TLS options: sslmode and sslrootcert as libpq defines them (https://www.postgresql.org/docs/current/libpq-ssl.html). */
import { readFileSync } from 'node:fs';
import { type ConnectionOptions, checkServerIdentity } from 'node:tls';
import { MeridianError, messageOf } from '../../shared/errors.ts';
import type { PostgresqlLocation } from './url.ts';

export function tlsOptions({ host, sslMode, sslRootCertificate }: PostgresqlLocation): false | ConnectionOptions {
  if (sslMode === 'disable') {
    return false;
  }
  if (sslMode === 'require' && sslRootCertificate === undefined) {
    return { rejectUnauthorized: false };
  }
  return {
    ...(sslRootCertificate === undefined ? {} : { ca: certificates(sslRootCertificate) }),
    rejectUnauthorized: true,
    checkServerIdentity:
      sslMode === 'verify-full'
        ? // without this, Node.js would verify the name localhost for a server that is given by address
          (_, certificate) => checkServerIdentity(host, certificate)
        : () => undefined,
  };
}

function certificates(file: string): string {
  const fail = (what: string, options?: ErrorOptions) =>
    new MeridianError(
      'database',
      `the file ${file} that sslrootcert names ${what}. Correct sslrootcert in the database's URL variable.`,
      options,
    );
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw fail(`cannot be read (${messageOf(error)})`, { cause: error });
  }
  if (!/-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/.test(text)) {
    // Node.js would fall back to its own certificates
    throw fail('holds no certificate in PEM format');
  }
  return text;
}
