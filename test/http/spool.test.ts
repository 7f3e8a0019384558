/** Uploads that are written to the disk: whole, or refused with the reason. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { refuseTooLarge, spool } from '../../src/http/loads/spool.ts';
import { makeFolder } from '../support/folder.ts';

const bytes = (count: number) => Readable.from([Buffer.alloc(count), Buffer.alloc(1)]);

const options = (maxBytes: number) => ({ maxBytes, signal: new AbortController().signal });

test('an upload is written whole, and refused beyond the limit', async () => {
  const path = join(makeFolder(), 'file');
  await spool(bytes(10), path, options(11));
  expect(statSync(path).size).toBe(11);
  await expect(spool(bytes(10), path, options(10))).rejects.toMatchObject({ status: 413, code: 'size' });
});

test('a disk that is full is named, and nothing else', async () => {
  await expect(spool(bytes(100_000), '/dev/full', options(1_000_000))).rejects.toMatchObject({
    status: 507,
    message: expect.stringContaining('no room for the upload'),
  });
  const [folder, most] = [makeFolder(), Number.MAX_SAFE_INTEGER];
  await expect(refuseTooLarge(String(most), folder, most)).rejects.toMatchObject({ status: 507 });
  await expect(refuseTooLarge('11', folder, 10)).rejects.toMatchObject({ status: 413 });
  await refuseTooLarge(undefined, folder, 10);
});

test('an upload that breaks off is refused', async () => {
  async function* broken(): AsyncGenerator<Buffer> {
    yield Buffer.alloc(1);
    throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
  }
  await expect(spool(Readable.from(broken()), join(makeFolder(), 'file'), options(10))).rejects.toMatchObject({
    status: 400,
  });
});
