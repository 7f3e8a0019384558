/** A Parquet file is read in ranges of its rows, and the records of a range are made some at a time. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { fileSource } from '../../../../src/populate/read/file.ts';
import type { OpenSource } from '../../../../src/populate/read/source.ts';
import { makeFolder } from '../../../support/folder.ts';

const ROWS = 45_000;

test('records of a large group of rows are made some at a time', async () => {
  const ids = Array.from({ length: ROWS }, (_, index) => index + 1);
  const path = join(makeFolder(), 'users.parquet');
  const columnData = [
    { name: 'id', data: ids, type: 'INT32' as const },
    { name: 'name', data: ids.map((id) => (id % 3 === 0 ? null : `name ${id}`)), type: 'STRING' as const },
  ];
  writeFileSync(path, Buffer.from(parquetWriteBuffer({ columnData, rowGroupSize: 30_000 })));

  const kept = await fileSource(path).keep?.(makeFolder());
  const source = (await kept?.open()) as OpenSource;
  let most = 0;
  const found: unknown[] = [];
  for await (const records of source.records) {
    most = Math.max(most, records.length);
    found.push(...records.map(({ number, record }) => [number, record]));
  }
  await source.close();
  await kept?.release?.();
  expect(found).toEqual(ids.map((id) => [id, { id: String(id), name: id % 3 === 0 ? null : `name ${id}` }]));
  expect(most).toBeLessThanOrEqual(1000);
});
