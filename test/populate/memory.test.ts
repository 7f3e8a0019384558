/** A source is streamed: loaded records do not stay in memory. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import { BATCH_CHARACTERS } from '../../src/populate/write/batches.ts';
import { countsOf, populateIn } from '../support/databases.ts';
import { makeFolder } from '../support/folder.ts';
import { rawRecord, streamOf } from '../support/sources.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

test('chunks that have been dealt with can be collected while the load goes on', async () => {
  const chunks: WeakRef<object>[] = [];
  let inMemory = Number.NaN;
  const source = streamOf(async function* () {
    for (let id = 1; id <= 30; id++) {
      const chunk = [rawRecord({ id, name: `User ${id}`, email: `user${id}@example.com` }, id)];
      chunks.push(new WeakRef(chunk));
      yield chunk;
    }
    await nextTurn();
    collectGarbage();
    inMemory = chunks.filter((chunk) => chunk.deref() !== undefined).length;
  });
  const report = await populateIn(makeFolder(), {
    sources: { users: source },
    batchRecords: 1,
    signal: new AbortController().signal,
  });
  expect(countsOf(report)['users']).toMatchObject({ read: 30, inserted: 30 });
  // the last few may still be on their way
  expect(inMemory).toBeLessThan(5);
});

test('long records are written before there are as many of them as of short ones', async () => {
  const read: number[] = [];
  let characters = 0;
  const source = streamOf(async function* () {
    for (let id = 1; id <= 6; id += 2) {
      characters += BATCH_CHARACTERS;
      yield [id, id + 1].map((one) => rawRecord({ id: one, name: 'Ann', email: `user${one}@example.com` }, one));
    }
  });
  const report = await populateIn(makeFolder(), {
    sources: {
      users: { ...source, open: async () => ({ ...(await source.open()), charactersRead: () => characters }) },
    },
    listener: { progressed: (_database, _progress, records) => read.push(records) },
  });
  expect(countsOf(report)['users']).toMatchObject({ read: 6, inserted: 6 });
  expect(read).toEqual([2, 4, 6]);
});
