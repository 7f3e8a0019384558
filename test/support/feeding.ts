/** Central with documents that wait for a store, and a store that can be made to fail. */
import { afterEach } from '@jest/globals';
import type { Database } from '../../src/database/database.ts';
import { openMigrated } from '../../src/database/open-migrated.ts';
import type { ShippedEvent } from '../../src/replication/transport/transport.ts';
import { documents as documentsDeclaration, products as productsDeclaration } from '../../src/shop/catalog.ts';
import { applyBatch } from '../../src/shop/central/apply.ts';
import { sqlDocumentStore } from '../../src/shop/documents/sql/store.ts';
import type { DocumentStore } from '../../src/shop/documents/store.ts';
import { checkoutEvent } from '../../src/shop/trading/events/checkout-event.ts';
import { regionEvent } from '../../src/shop/trading/events/region-event.ts';
import { type DocumentParts, documentOf } from './documents.ts';
import type { Place } from './engines.ts';
import { OCCURRED_AT } from './occurred.ts';
import { openCentral, openIn } from './regional.ts';

export interface FeedScene {
  readonly place: Place;
  readonly central: Database;
  readonly products: Database;
  /** The store as it is, to look into. */
  readonly store: DocumentStore;
  /** What the feeder opens: the same store, that does before each call whatever is put here. */
  openStore(): Promise<DocumentStore>;
  before: (operation: string) => Promise<void> | void;
  /** How often the feeder has opened the store, and closed it. */
  readonly opened: { count: number; closed: number };
  openProducts(): Promise<Database | undefined>;
}

const stores: DocumentStore[] = [];

afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()));
});

export async function feedScene(place: Place): Promise<FeedScene> {
  const central = await openCentral(place);
  const products = await openIn(place, productsDeclaration);
  const open = async () =>
    sqlDocumentStore(await openMigrated(documentsDeclaration, undefined, place.options('documents')));
  const store = await open();
  stores.push(store);
  const scene: FeedScene = {
    place,
    central,
    products,
    store,
    opened: { count: 0, closed: 0 },
    before: () => undefined,
    async openStore() {
      await scene.before('open');
      scene.opened.count++;
      const inner = await open();
      const guarded = Object.entries(inner).map(([name, value]) => [
        name,
        typeof value !== 'function' || name === 'close'
          ? value
          : async (...given: unknown[]) => {
              await scene.before(name);
              return (value as (...given: unknown[]) => unknown)(...given);
            },
      ]);
      return {
        ...(Object.fromEntries(guarded) as DocumentStore),
        close: async () => {
          scene.opened.closed++;
          await inner.close();
        },
      };
    },
    // the scene's own, which the feeder must not close
    openProducts: async () => openIn(place, productsDeclaration),
  };
  return scene;
}

let seqs = 0;

/** Applies checkout events at central, as a region publishes them. */
export async function publishDocument(central: Database, ...all: readonly DocumentParts[]): Promise<void> {
  for (const parts of all) {
    const { document, epoch, version } = documentOf(parts);
    const event = checkoutEvent(document, 'placed', OCCURRED_AT);
    await ship(central, document.region, epoch, { ...event, aggregateVersion: version });
  }
}

export async function publishSnapshotCompleted(central: Database, region: string, epoch: number): Promise<void> {
  await ship(central, region, epoch, regionEvent('snapshot-completed', { epoch }, OCCURRED_AT));
}

async function ship(central: Database, region: string, epoch: number, event: Omit<ShippedEvent, 'seq'>): Promise<void> {
  seqs++;
  await applyBatch(central, { region, epoch, headSeq: seqs, events: [{ ...event, seq: seqs }] });
}

/** Applies `count` checkout events at once, as of a region that was cut off: from order `after` + 1 on. */
export async function publishDocuments(central: Database, count: number, after = 0): Promise<void> {
  await applyBatch(central, {
    region: 'boston',
    epoch: 1,
    headSeq: after + count,
    events: Array.from({ length: count }, (_, index) => ({
      ...checkoutEvent(documentOf({ orderId: after + index + 1 }).document, 'placed', OCCURRED_AT),
      seq: after + index + 1,
    })),
  });
}
