/** Reading the URL of a PostgreSQL database: what it says comes out, and no password ever comes out of a message. */
import { userInfo } from 'node:os';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { engineOf } from '../../../src/database/engines.ts';
import { locate } from '../../../src/database/location.ts';
import {
  displayPostgresql,
  type PostgresqlLocation,
  parsePostgresqlUrl,
} from '../../../src/database/postgresql/url.ts';
import { asError } from '../../../src/shared/async/settle.ts';
import { MeridianError } from '../../../src/shared/errors.ts';

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }).filter((one) => one.isWellFormed());
const host = fc.constantFrom('db.example.com', 'localhost', '10.0.0.7', '[::1]');
const schema = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 63 }).filter((one) => !one.includes('.'));

const read = (url: string) => parsePostgresqlUrl('USERS_DATABASE_URL', url, {}) as PostgresqlLocation;

test('every part comes out as it went in', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('postgres', 'postgresql'),
      text,
      text,
      host,
      fc.integer({ min: 1, max: 65535 }),
      text.filter((one) => !one.includes('/') && one !== '.' && one !== '..'),
      schema,
      (scheme, user, password, at, port, database, inSchema) => {
        const encode = encodeURIComponent;
        const url = `${scheme}://${encode(user)}:${encode(password)}@${at}:${port}/${encode(database)}?schema=${encode(inSchema)}`;
        expect(locate('users', { USERS_DATABASE_URL: url })).toMatchObject({
          engine: 'postgresql',
          user,
          password,
          host: at.replace(/[[\]]/g, ''),
          port,
          database,
          schema: inSchema,
        });
      },
    ),
  );
});

function readOrError(url: string): PostgresqlLocation | Error {
  try {
    return read(url);
  } catch (error) {
    return asError(error);
  }
}

test('no message and no name for people holds a password, whatever the URL', () => {
  const secret = 'zYxWvU98';
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(secret, ':', '/', '@', '?', '#', '%', '=', '&', 'db', '5432', ' '), { maxLength: 12 }),
      (parts) => {
        const url = `postgresql://meridian:${secret}${parts.join('')}`;
        const location = readOrError(url);
        if (location instanceof Error) {
          expect(location).toBeInstanceOf(MeridianError);
          expect(location).toMatchObject({ code: 'usage' });
          expect(location.message).not.toContain(secret);
          return;
        }
        // a host or a database may well be called like that; it is the password that must not show
        const { host, database, schema } = location;
        fc.pre(!`${host}${database}${schema}`.toLowerCase().includes(secret.toLowerCase()));
        expect(displayPostgresql(location)).not.toContain(secret);
      },
    ),
  );
});

test('what a URL leaves out has a default', () => {
  expect(parsePostgresqlUrl('X', 'postgresql://db/shop', { PGUSER: 'meridian' })).toEqual({
    engine: 'postgresql',
    host: 'db',
    port: 5432,
    user: 'meridian',
    database: 'shop',
    schema: 'public',
    sslMode: 'disable',
    connectSeconds: 10,
  });
  expect(read('postgresql://db/shop').user).toBe(userInfo().username);
});

test('every parameter is honoured, and a socket is a host', () => {
  const url =
    'postgresql:///shop?host=/var/run/postgresql&sslmode=verify-full&sslrootcert=/ca.pem&connect_timeout=3&application_name=night%20load';
  expect(read(url)).toMatchObject({
    host: '/var/run/postgresql',
    sslMode: 'verify-full',
    sslRootCertificate: '/ca.pem',
    connectSeconds: 3,
    applicationName: 'night load',
  });
});

describe('for people', () => {
  test.each([
    ['postgresql://meridian:s3cret@db:6000/shop', 'db:6000/shop'],
    ['postgresql://meridian:s3cret@db/shop?schema=sales', 'db:5432/shop (schema sales)'],
    ['postgresql://meridian:s3cret@[::1]/shop', '[::1]:5432/shop'],
    ['postgresql:///shop?host=/run', '/run, port 5432, shop'],
  ])('%s is %s', async (url, place) => {
    expect((await engineOf(read(url), 'users')).place).toBe(place);
  });
});
