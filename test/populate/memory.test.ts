/** A source is streamed: what has been loaded is not held. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import { countsOf, populateIn } from '../support/databases.ts';
import { makeFolder } from '../support/folder.ts';
import { rawRecord, streamOf } from '../support/sources.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

test('chunks that have been dealt with can be collected while the load goes on', async () => {
  const chunks: WeakRef<object>[] = [];
  let held = Number.NaN;
  const source = streamOf(async function* () {
    for (let id = 1; id <= 30; id++) {
      const chunk = [rawRecord({ id, name: `User ${id}`, email: `user${id}@example.com` }, id)];
      chunks.push(new WeakRef(chunk));
      yield chunk;
    }
    await nextTurn();
    collectGarbage();
    held = chunks.filter((chunk) => chunk.deref() !== undefined).length;
  });
  const report = await populateIn(makeFolder(), {
    sources: { users: source },
    batchRecords: 1,
    signal: new AbortController().signal,
  });
  expect(countsOf(report)['users']).toMatchObject({ read: 30, inserted: 30 });
  // the last few may still be on their way
  expect(held).toBeLessThan(5);
});
