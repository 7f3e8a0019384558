/** The server of the document store is killed, and so is the process that feeds it: nothing is lost, nothing comes twice. */
import { expect, test } from '@jest/globals';
import { queueLength } from '../../../src/shop/central/document-queue.ts';
import { feedOn } from '../../../src/shop/documents/feed.ts';
import { openMongodbStore } from '../../../src/shop/documents/mongodb/store.ts';
import type { DocumentStore } from '../../../src/shop/documents/store.ts';
import { sqlitePlace } from '../../support/engines.ts';
import { publishDocuments } from '../../support/feeding.ts';
import { makeFolder } from '../../support/folder.ts';
import { describeWithMongodb } from '../../support/mongodb/available.ts';
import { startMongodb } from '../../support/mongodb/server.ts';
import { openCentral } from '../../support/regional.ts';
import { until } from '../../support/until.ts';
import { workspace } from '../../support/workspace.ts';

/** Several batches. */
const DOCUMENTS = 2500;

describeWithMongodb('MongoDB', () => {
  async function contentsOf(url: string) {
    const store = await openMongodbStore(url, { readOnly: true });
    try {
      const found = await store.findDocuments({ limit: 2 * DOCUMENTS });
      return { ...(await store.count()), ids: new Set(found.map(({ id }) => id)).size };
    } finally {
      await store.close();
    }
  }

  test('a server that is killed in the middle, and started again', async () => {
    const server = await startMongodb();
    const url = `${server.url}/shop?serverSelectionTimeoutMS=2000`;
    const central = await openCentral(sqlitePlace(makeFolder()));
    await publishDocuments(central, DOCUMENTS);
    const reported: string[] = [];
    let puts = 0;
    const end = new AbortController();
    const fed = feedOn(central, {
      signal: end.signal,
      openStore: async () => {
        const store = await openMongodbStore(url, { readOnly: false });
        const putDocuments: DocumentStore['putDocuments'] = async (documents) => {
          if (++puts === 2) {
            await server.kill();
          }
          return store.putDocuments(documents);
        };
        return { ...store, putDocuments };
      },
      openProducts: async () => undefined,
      settings: { pollMilliseconds: 10, firstBackOffMilliseconds: 20, maxBackOffMilliseconds: 100 },
      listener: { failed: ({ message }) => reported.push(message), recovered: () => reported.push('recovered') },
    });
    try {
      const waiting = async () => (await queueLength(central)).waiting;
      await until('it is reported', () => reported.length > 0);
      const left = await waiting();
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThan(DOCUMENTS);
      // orders go on
      await publishDocuments(central, 10, DOCUMENTS);
      await server.start();
      await until('it has caught up', async () => (await waiting()) === 0);
      await until('it is reported', () => reported.at(-1) === 'recovered');
      const all = DOCUMENTS + 10;
      expect(await contentsOf(url)).toEqual({ documents: all, componentLists: 0, ids: all });
    } finally {
      end.abort();
      await fed;
      await server.remove();
    }
  });

  test('a process that feeds and is killed in the middle', async () => {
    const server = await startMongodb();
    const here = workspace();
    const url = `${server.url}/shop`;
    const env = { DOCUMENTS_DATABASE_URL: url };
    const central = await openCentral(here.place);
    await publishDocuments(central, DOCUMENTS);
    try {
      const { code } = await here.run(['sync', '--watch'], {
        env,
        during: (child) => {
          void until('the first batch is there', async () => (await queueLength(central)).waiting < DOCUMENTS)
            .finally(() => child.kill('SIGKILL'))
            .catch(() => undefined);
        },
      });
      expect(code).toBeNull();
      const left = (await queueLength(central)).waiting;
      expect(left).toBeLessThan(DOCUMENTS);
      // boston, the region of the documents, has no database here
      expect(await here.run(['sync', '--region', 'denver'], { env })).toMatchObject({ code: 0 });
      expect((await queueLength(central)).waiting).toBe(0);
      expect(await contentsOf(url)).toEqual({ documents: DOCUMENTS, componentLists: 0, ids: DOCUMENTS });
    } finally {
      await server.remove();
    }
  });
});
