/** Files of a real server that speaks the protocol of S3: single ones, prefixes and patterns, and what it refuses. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fileSource } from '../../../../src/populate/read/file.ts';
import { copyOf } from '../../../../src/populate/read/places/download.ts';
import { openS3 } from '../../../../src/populate/read/places/s3.ts';
import type { Source } from '../../../../src/populate/read/source.ts';
import { makeFolder } from '../../../support/folder.ts';
import { recordsOf } from '../../../support/text.ts';
import { until } from '../../../support/until.ts';

const isThere = spawnSync('versitygw', ['--version']).error === undefined;
if (!isThere && process.env['CI']) {
  throw new Error('In CI no test is skipped, and there is no versitygw on the PATH (npm run servers installs it).');
}

const SECRET = 'a-secret-key';
const variables = {
  AWS_ACCESS_KEY_ID: 'key',
  AWS_SECRET_ACCESS_KEY: SECRET,
  AWS_REGION: 'us-east-1',
};

(isThere ? describe : describe.skip)('a server of S3', () => {
  let data = '';
  let stop: () => void = () => undefined;

  beforeAll(async () => {
    const port = await freePort();
    data = mkdtempSync(join(tmpdir(), 'meridian-s3-'));
    for (const folder of ['metadata', 'buckets']) {
      mkdirSync(join(data, folder));
    }
    const server = spawn(
      'versitygw',
      ['--port', `127.0.0.1:${port}`, 'posix', '--sidecar', join(data, 'metadata'), join(data, 'buckets')],
      {
        env: { ...process.env, ROOT_ACCESS_KEY: variables.AWS_ACCESS_KEY_ID, ROOT_SECRET_KEY: SECRET },
        stdio: 'ignore',
      },
    );
    stop = () => server.kill();
    Object.assign(process.env, variables, { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` });
    const client = new S3Client({ forcePathStyle: true });
    await until('the server answers', () =>
      client.send(new CreateBucketCommand({ Bucket: 'data' })).then(
        () => true,
        () => false,
      ),
    );
    for (const number of [10, 2, 1]) {
      const Body = `id,name\n${number},Name ${number}\n`;
      await client.send(new PutObjectCommand({ Bucket: 'data', Key: `exports/part-${number}.csv`, Body }));
    }
    await client.send(new PutObjectCommand({ Bucket: 'data', Key: 'exports/notes.md', Body: '# Notes' }));
  });

  afterAll(() => {
    stop();
    rmSync(data, { recursive: true });
    for (const name of [...Object.keys(variables), 'AWS_ENDPOINT_URL']) {
      delete process.env[name];
    }
  });

  const read = async (url: string) => {
    const kept = (await fileSource(url).keep?.(makeFolder())) as Source;
    const records = await recordsOf(await kept.open());
    await kept.release?.();
    return { kept, ids: records.map(({ record }) => (record as { id: string }).id) };
  };

  test('one file', async () => {
    expect(await read('s3://data/exports/part-2.csv')).toMatchObject({
      kept: { name: 's3://data/exports/part-2.csv' },
      ids: ['2'],
    });
  });

  test('a pattern: its files in the order of their numbers', async () => {
    const { kept, ids } = await read('s3://data/exports/*.csv');
    expect(ids).toEqual(['1', '2', '10']);
    expect(kept.files?.map(({ name }) => name)).toEqual([
      's3://data/exports/part-1.csv',
      's3://data/exports/part-2.csv',
      's3://data/exports/part-10.csv',
    ]);
  });

  test.each([
    ['s3://data/exports/no.csv', 's3://data/exports/no.csv cannot be read: NoSuchKey'],
    ['s3://nobody/exports/*.csv', 's3://nobody/exports/*.csv cannot be listed: NoSuchBucket'],
    ['s3://data/exports/*.json', 'No file matches s3://data/exports/*.json.'],
    ['s3://data/exports/', 's3://data/exports/notes.md has the unknown extension .md.'],
  ])('%s is refused', async (url, message) => {
    await expect(read(url)).rejects.toMatchObject({ code: 'source', message: expect.stringContaining(message) });
  });

  test('a wrong key is refused at once, and is not shown', async () => {
    process.env['AWS_SECRET_ACCESS_KEY'] = 'wrong-key';
    const error: unknown = await read('s3://data/exports/part-1.csv').catch((thrown: unknown) => thrown);
    process.env['AWS_SECRET_ACCESS_KEY'] = SECRET;
    expect((error as Error).message).toContain('SignatureDoesNotMatch');
    expect((error as Error).message).not.toContain('wrong-key');
  });

  test('a connection that breaks is resumed, and a file that changes meanwhile is a fault', async () => {
    const client = new S3Client({ forcePathStyle: true });
    const put = (Body: string) => client.send(new PutObjectCommand({ Bucket: 'data', Key: 'long.csv', Body }));
    const body = `id\n${Array.from({ length: 200_000 }, (_, index) => `${index}\n`).join('')}`;
    await put(body);
    const broken = (onBreak: () => Promise<unknown>) => {
      let isFirst = true;
      return async (from: number, version: string | undefined) => {
        const part = await openS3('s3://data/long.csv', from, version);
        return isFirst
          ? {
              ...part,
              bytes: (async function* () {
                isFirst = false;
                for await (const chunk of part.bytes) {
                  yield chunk;
                  break;
                }
                await onBreak();
                throw new Error('the connection broke');
              })(),
            }
          : part;
      };
    };
    const to = join(makeFolder(), 'copy');
    await copyOf(
      broken(async () => undefined),
      'long.csv',
      to,
      1,
    );
    expect(readFileSync(to, 'utf8') === body).toBe(true);
    const changing = copyOf(
      broken(() => put(`${body}more\n`)),
      'long.csv',
      join(makeFolder(), 'copy'),
      1,
    );
    await expect(changing).rejects.toThrow('long.csv cannot be read: it was changed while it was being read');
  });
});

function freePort(): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address() as { port: number };
    server.close(() => resolve(port));
  });
  return promise;
}
