/** Connections to NATS: logins, TLS, and the errors when a connection fails. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { nkeys } from '@nats-io/transport-node';
import { natsTransport } from '../../../../src/replication/transport/nats/transport.ts';
import { makeFolder, writeIn } from '../../../support/folder.ts';
import { describeWithNats } from '../../../support/nats/available.ts';
import { operator } from '../../../support/nats/jwt.ts';
import { startNats } from '../../../support/nats/server.ts';
import { freePort } from '../../../support/postgresql/server.ts';
import { batchOf, orderAt } from '../../../support/shipped.ts';
import { until } from '../../../support/until.ts';

const PASSWORD = 'p@ss/w:rd';

describeWithNats('NATS', () => {
  const opened = async (settings: Parameters<typeof natsTransport>[0]['settings']) => {
    const transport = await natsTransport({ settings });
    await transport.publish(batchOf([orderAt(1)]));
    const stored = await transport.stored('boston', 1);
    await transport.close();
    return stored;
  };
  const STORED = { firstSeq: 1, lastSeq: 1 };

  test('with a user and a password, in variables or in the URL', async () => {
    const server = await startNats({ config: `authorization { user: "ann", password: "${PASSWORD}" }` });
    expect(await opened(server.settings({ NATS_USER: 'ann', NATS_PASSWORD: PASSWORD }))).toEqual(STORED);
    const url = server.url.replace('//', `//ann:${encodeURIComponent(PASSWORD)}@`);
    expect(await opened(server.settings({ NATS_URL: url }))).toEqual(STORED);
    const wrong = opened(server.settings({ NATS_USER: 'ann', NATS_PASSWORD: 'sesame' }));
    await expect(wrong).rejects.toMatchObject({
      code: 'transport',
      message: `NATS at ${server.url} refuses the login (Authorization Violation). Correct NATS_USER and NATS_PASSWORD, NATS_TOKEN, NATS_NKEY or NATS_CREDS.`,
    });
    await expect(opened(server.settings())).rejects.toThrow('refuses the login');
  });

  test('with a token', async () => {
    const server = await startNats({ config: 'authorization { token: "s3cr3t" }' });
    expect(await opened(server.settings({ NATS_TOKEN: 's3cr3t' }))).toEqual(STORED);
    await expect(opened(server.settings({ NATS_TOKEN: 'sesame' }))).rejects.toThrow('refuses the login');
  });

  test('with an NKey from a file', async () => {
    const user = nkeys.createUser();
    const server = await startNats({ config: `authorization { users: [{ nkey: ${user.getPublicKey()} }] }` });
    const file = writeIn(makeFolder(), 'user.nk', `${new TextDecoder().decode(user.getSeed())}\n`);
    expect(await opened(server.settings({ NATS_NKEY: file }))).toEqual(STORED);
    await expect(opened(server.settings({ NATS_NKEY: `${file}.old` }))).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(/^NATS_NKEY names .*user\.nk\.old, which cannot be read: ENOENT/),
    });
    const none = writeIn(makeFolder(), 'none.nk', 'this-is-no-seed');
    await expect(opened(server.settings({ NATS_NKEY: none }))).rejects.toMatchObject({
      code: 'usage',
      message: `NATS_NKEY names ${none}, which does not hold the seed of an NKey.`,
    });
    const other = writeIn(makeFolder(), 'other.nk', new TextDecoder().decode(nkeys.createUser().getSeed()));
    await expect(opened(server.settings({ NATS_NKEY: other }))).rejects.toThrow('refuses the login');
  });

  test('with credentials from a file', async () => {
    const { config, credentials } = operator();
    const server = await startNats({ config });
    const folder = makeFolder();
    const file = writeIn(folder, 'relay.creds', credentials);
    expect(await opened(server.settings({ NATS_CREDS: file }))).toEqual(STORED);
    const others = writeIn(folder, 'others.creds', operator().credentials);
    await expect(opened(server.settings({ NATS_CREDS: others }))).rejects.toThrow('refuses the login');
    const none = writeIn(folder, 'none.creds', 'this is no JWT');
    await expect(opened(server.settings({ NATS_CREDS: none }))).rejects.toThrow(/refuses the login .*NATS_CREDS/);
  });

  test('over TLS, with certificates on both sides', async () => {
    const folder = makeFolder();
    const file = (name: string) => join(folder, name);
    const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe', cwd: folder });
    openssl(
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '2',
      '-keyout',
      'key.pem',
      '-out',
      'cert.pem',
      '-subj',
      '/CN=localhost',
      '-addext',
      'subjectAltName=DNS:localhost,IP:127.0.0.1',
    );
    const server = await startNats({
      config: `tls { cert_file: "${file('cert.pem')}", key_file: "${file('key.pem')}", ca_file: "${file('cert.pem')}", verify: true }`,
    });
    const NATS_URL = server.url.replace('nats:', 'tls:');
    const own = { NATS_URL, NATS_CERT: file('cert.pem'), NATS_KEY: file('key.pem') };
    expect(await opened(server.settings({ ...own, NATS_CA: file('cert.pem') }))).toEqual(STORED);
    await expect(opened(server.settings(own))).rejects.toMatchObject({
      code: 'transport',
      message: expect.stringMatching(/: no safe connection \(.*certificate.*\)\. Correct NATS_CA/),
    });
    const anonymous = opened(server.settings({ NATS_URL, NATS_CA: file('cert.pem'), NATS_TIMEOUT_SECONDS: '2' }));
    await expect(anonymous).rejects.toThrow(/NATS_CERT/);
    await expect(opened(server.settings({ ...own, NATS_CA: file('none.pem') }))).rejects.toMatchObject({
      code: 'usage',
    });
  });

  test('one of several servers is enough', async () => {
    const server = await startNats();
    const none = await freePort();
    expect(await opened(server.settings({ NATS_URL: `nats://127.0.0.1:${none},${server.url}` }))).toEqual(STORED);
  });

  test('a server that does not run, and one without JetStream, are reported', async () => {
    const server = await startNats({ hasJetStream: false });
    await expect(opened(server.settings())).rejects.toMatchObject({
      code: 'transport',
      message: expect.stringMatching(/^NATS: could not use JetStream: .*JetStream.*nats-server.*--jetstream/),
    });
    await server.kill();
    await expect(opened(server.settings())).rejects.toThrow(
      `NATS at ${server.url} cannot be reached (connect ECONNREFUSED 127.0.0.1:${server.port}). Start nats-server there, or correct NATS_URL.`,
    );
  });

  test('a server that hangs does not keep a client from closing', async () => {
    const server = await startNats();
    const transport = await natsTransport({ settings: server.settings({ NATS_TIMEOUT_SECONDS: '1' }) });
    server.suspend();
    await transport.close();
    expect(transport.isConnected).toBe(false);
  });

  test('while the connection is lost, nothing is sent, and the error says so', async () => {
    const server = await startNats();
    const reported: string[] = [];
    const transport = await natsTransport({
      settings: server.settings(),
      listener: { disconnected: () => reported.push('disconnected'), reconnected: () => reported.push('reconnected') },
    });
    await server.kill();
    await until('it is reported', () => reported.includes('disconnected'));
    expect(transport.isConnected).toBe(false);
    const lost = { code: 'transport', message: expect.stringMatching(/^The connection to NATS at .* is lost\./) };
    await expect(transport.publish(batchOf([orderAt(1)]))).rejects.toMatchObject(lost);
    await expect(transport.stored('boston', 1)).rejects.toMatchObject(lost);
    await expect(transport.position('boston')).rejects.toMatchObject(lost);
    await expect(transport.prepare('boston', 1)).rejects.toMatchObject(lost);
    // what central offers waits for the next connection
    const taken: number[] = [];
    await transport.answer(async () => ({ epoch: 1, seq: 7, headSeq: 7, eventId: null }));
    await transport.consume(async ({ events }) => taken.push(...events.map(({ seq }) => seq)));
    await server.start();
    await until('it is there again', () => reported.includes('reconnected'));
    expect(transport.isConnected).toBe(true);
    expect(await transport.position('boston')).toMatchObject({ seq: 7 });
    await transport.publish(batchOf([orderAt(1)]));
    await until('the event is taken', () => taken.includes(1));
    await server.kill();
    await until('it is reported again', () => reported.length === 3);
    await transport.close();
    expect(transport.isConnected).toBe(false);
  });
});
