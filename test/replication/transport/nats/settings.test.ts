/** The variables of NATS; no message holds a password. */
import { expect, test } from '@jest/globals';
import { natsSettings } from '../../../../src/replication/transport/nats/settings.ts';
import { MeridianError } from '../../../../src/shared/errors.ts';

test('without NATS_URL there is no NATS', () => {
  expect(natsSettings({})).toBeUndefined();
  expect(natsSettings({ NATS_URL: '  ', NATS_USER: 'ann' })).toBeUndefined();
});

test('settings that are not given have defaults', () => {
  expect(natsSettings({ NATS_URL: 'localhost' })).toEqual({
    servers: ['nats://localhost:4222'],
    replicas: 1,
    maxEvents: 1_000_000,
    maxBytes: -1,
    ackWaitSeconds: 10,
    timeoutSeconds: 5,
  });
});

test('several servers, with and without a scheme and a port, and who logs in', () => {
  expect(natsSettings({ NATS_URL: 'tls://a:p%40ss@one:4333, two , nats://[::1]:5', NATS_REPLICAS: '3' })).toMatchObject(
    {
      servers: ['tls://one:4333', 'nats://two:4222', 'nats://[::1]:5'],
      user: 'a',
      password: 'p@ss',
      replicas: 3,
    },
  );
  expect(natsSettings({ NATS_URL: 'nats://a:b@one', NATS_USER: 'c', NATS_PASSWORD: 'd' })).toMatchObject({
    user: 'c',
    password: 'd',
  });
  expect(natsSettings({ NATS_URL: 'nats://a:b@one,nats://a:b@two,three' })).toMatchObject({ user: 'a', password: 'b' });
  expect(natsSettings({ NATS_URL: 'nats://t%2Fken@one' })).toEqual(
    expect.objectContaining({ servers: ['nats://one:4222'], token: 't/ken' }),
  );
});

test.each([
  [{ NATS_URL: 'http://one' }, /^NATS_URL holds a URL that is not of a NATS server\. Use nats:\/\/<host>:<port>/],
  [{ NATS_URL: 'nats://me:sesame@one/path' }, /^NATS_URL holds a URL that is not/],
  [{ NATS_URL: 'nats://me:sesame@' }, /^NATS_URL holds a URL that is not/],
  [{ NATS_URL: 'one,,two' }, /^NATS_URL holds a URL that is not/],
  [{ NATS_URL: 'nats://me:sesame%@one' }, /that is not percent-encoded/],
  [{ NATS_URL: 'nats://me:sesame#x@one' }, /^NATS_URL holds a URL that is not.*percent-encode a password/],
  [{ NATS_URL: 'nats://me:1234#sesame@one' }, /^NATS_URL holds a URL that is not/],
  [{ NATS_URL: 'nats://me:1234?sesame@one' }, /^NATS_URL holds a URL that is not/],
  [{ NATS_URL: 'nats://me:1234,sesame@one' }, /^NATS_URL names a user, and not at its first server\./],
  [{ NATS_URL: 'nats://me:sesame@one,nats://you:sesame@two' }, /^The servers in NATS_URL name different users\./],
  [
    { NATS_URL: 'nats://sesame@one', NATS_USER: 'me', NATS_PASSWORD: 'x' },
    /several ways to log in to NATS: NATS_USER, NATS_TOKEN/,
  ],
  [{ NATS_URL: 'one', NATS_USER: 'me' }, /^NATS_USER and NATS_PASSWORD go together/],
  [{ NATS_URL: 'one', NATS_PASSWORD: 'sesame' }, /^NATS_USER and NATS_PASSWORD go together/],
  [{ NATS_URL: 'one', NATS_CERT: 'a.pem' }, /^NATS_CERT and NATS_KEY go together/],
  [
    { NATS_URL: 'me:sesame@one', NATS_TOKEN: 'sesame', NATS_CREDS: 'a', NATS_NKEY: 'b' },
    /several ways to log in to NATS: NATS_USER, NATS_TOKEN, NATS_CREDS, NATS_NKEY\. Set one/,
  ],
  ...['0', '-1', '1.5', '6', 'many', '1e1'].map(
    (text) =>
      [{ NATS_URL: 'one', NATS_REPLICAS: text }, /^NATS_REPLICAS has to be a whole number from 1 to 5\.$/] as const,
  ),
  [{ NATS_URL: 'one', NATS_MAX_EVENTS: '99999999999999999999' }, /^NATS_MAX_EVENTS has to be a whole number from 1 to/],
  [{ NATS_URL: 'one', NATS_MAX_BYTES: '1GB' }, /^NATS_MAX_BYTES has to be/],
  [
    { NATS_URL: 'one', NATS_ACK_WAIT_SECONDS: '3601' },
    /^NATS_ACK_WAIT_SECONDS has to be a whole number from 1 to 3600/,
  ],
] as const)('%j is refused', (environment, message) => {
  expect.assertions(3);
  try {
    natsSettings(environment);
  } catch (error) {
    expect(error).toBeInstanceOf(MeridianError);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).not.toContain('sesame');
  }
});
