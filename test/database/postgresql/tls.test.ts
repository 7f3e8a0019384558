/** What sslmode and sslrootcert ask of a server's certificate. */
import type { PeerCertificate } from 'node:tls';
import { expect, test } from '@jest/globals';
import { clientConfig } from '../../../src/database/postgresql/connection.ts';
import { tlsOptions } from '../../../src/database/postgresql/tls.ts';
import { parsePostgresqlUrl } from '../../../src/database/postgresql/url.ts';
import { makeFolder, writeIn } from '../../support/folder.ts';

const CERTIFICATES = '-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n';

function locationOf(sslMode: string, host = 'db.example.com', root?: string) {
  const file = root === undefined ? '' : `&sslrootcert=${writeIn(makeFolder(), 'root.pem', root)}`;
  return parsePostgresqlUrl('X', `postgresql://meridian@${host}/shop?sslmode=${sslMode}${file}`, {});
}

test('without a root certificate, require encrypts and verifies nothing', () => {
  expect(tlsOptions(locationOf('disable'))).toBe(false);
  expect(tlsOptions(locationOf('require'))).toEqual({ rejectUnauthorized: false });
});

/** The name that a certificate is for, and whether a server at that host may have it. */
function accepts(sslMode: string, host: string, name: string, root?: string): boolean {
  const options = tlsOptions(locationOf(sslMode, host, root));
  expect(options).toMatchObject({ rejectUnauthorized: true });
  const certificate = { subject: { CN: 'another' }, subjectaltname: name } as unknown as PeerCertificate;
  // Node.js gives it this name where the host is an address
  return options !== false && options.checkServerIdentity?.('localhost', certificate) === undefined;
}

test.each(['require', 'verify-ca'])(
  'with a root certificate, %s verifies who signed, and not for which host',
  (mode) => {
    expect(tlsOptions(locationOf(mode, 'db.example.com', CERTIFICATES))).toMatchObject({ ca: CERTIFICATES });
    expect(accepts(mode, 'db.example.com', 'DNS:other.example.com', CERTIFICATES)).toBe(true);
  },
);

test.each([
  ['db.example.com', 'DNS:db.example.com', true],
  ['db.example.com', 'DNS:other.example.com', false],
  ['db.example.com', 'DNS:localhost', false],
  ['10.0.0.7', 'IP Address:10.0.0.7', true],
  ['10.0.0.7', 'IP Address:10.0.0.8', false],
  ['10.0.0.7', 'DNS:localhost', false],
  ['[::1]', 'DNS:localhost', false],
])('verify-full at %s and a certificate for %s: %p', (host, name, isAccepted) => {
  expect(accepts('verify-full', host, name)).toBe(isAccepted);
  expect(accepts('verify-full', host, name, CERTIFICATES)).toBe(isAccepted);
});

test.each(['', 'no certificate\n', '-----BEGIN PRIVATE KEY-----\n'])('a file with %p is refused', (text) => {
  expect(() => tlsOptions(locationOf('require', 'db.example.com', text))).toThrow(
    expect.objectContaining({
      code: 'database',
      message: expect.stringMatching(/root\.pem that sslrootcert names holds no certificate in PEM format\. Correct/),
    }),
  );
});

test('every connection asks for the same', () => {
  const location = locationOf('verify-full', 'db.example.com', CERTIFICATES);
  expect(clientConfig(location, 'users').ssl).toMatchObject({ ca: CERTIFICATES, rejectUnauthorized: true });
});
