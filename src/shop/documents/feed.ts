/**
 * Feeds the document store with the queued documents of central and the component lists of the products database. Both keep their data
 * until the store has it, so the store may be down for any length of time.
 */
import { type Database, isIdentityError } from '../../databases.ts';
import { asError, MeridianError, programError } from '../../index.ts';
import { backOffMilliseconds } from '../../replication/index.ts';
import { random, wait } from '../../types.ts';
import { queueLength } from '../central/document-queue.ts';
import { explained } from './explained.ts';
import { FailureDeduplicator, type FailureListener } from './failure-deduplicator.ts';
import { type Feeding, feedDocuments, type Progress } from './feed-documents.ts';
import { LazyResource } from './lazy-resource.ts';
import { isStoreThere, openDocumentStore } from './open.ts';
import { openProducts } from './products.ts';
import type { Refusal } from './put-documents.ts';
import type { DocumentStore } from './store.ts';
import { countUnshipped, noteShipped, raiseVersions, unshippedLists } from './unshipped.ts';

export interface Fed {
  /** Documents that were written to the store. */
  readonly documents: number;
  readonly componentLists: number;
  /** Documents that the store has refused; they stay in central, with the reason. */
  readonly refused: number;
}

export interface FeedListener extends FailureListener {
  fed?(fed: Fed): void;
  /** Called for a document that the store has refused. */
  refused?(refusal: Refusal): void;
  migrated?(database: string, migrations: readonly string[]): void;
}

export interface FeedSettings {
  /** The polling interval of central. */
  readonly pollMilliseconds: number;
  /** The polling interval of the products database. */
  readonly componentsMilliseconds: number;
  readonly firstBackOffMilliseconds: number;
  readonly maxBackOffMilliseconds: number;
}

const FEED_SETTINGS: FeedSettings = {
  pollMilliseconds: 500,
  componentsMilliseconds: 2000,
  firstBackOffMilliseconds: 500,
  maxBackOffMilliseconds: 30_000,
};

export interface FeedOptions {
  /** When aborted, the current batch is finished. */
  readonly signal: AbortSignal;
  readonly listener?: FeedListener | undefined;
  readonly settings?: Partial<FeedSettings>;
  /** Replaces the store that the environment configures. */
  readonly openStore?: () => Promise<DocumentStore>;
  /** Replaces the products database that the environment configures; it returns `undefined` if there is none. */
  readonly openProducts?: () => Promise<Database | undefined>;
}

export interface FeedResult extends Fed {
  /** The error that stopped the feed. */
  readonly failure: Error | undefined;
  /** Region -> the reason why its documents are withheld until its relay has compared itself with the store. */
  readonly withheld: ReadonlyMap<string, Error>;
}

/** Feeds everything that is queued. Does not throw: the result has the failure, and the rest stays queued. */
export async function feedOnce(central: Database, options: FeedOptions): Promise<FeedResult> {
  const feeder = new Feeder(central, options);
  try {
    const documents = await feeder.feedDocuments({ withRefused: true });
    const lists = await feeder.feedComponents();
    return {
      ...documents,
      componentLists: lists.componentLists,
      failure: documents.failure ?? lists.failure,
    };
  } finally {
    await feeder.close();
  }
}

/** Feeds the store continuously until `signal` is aborted. Does not throw. */
export async function feedOn(central: Database, options: FeedOptions): Promise<void> {
  const settings = { ...FEED_SETTINGS, ...options.settings };
  const deduplicator = new FailureDeduplicator(options.listener);
  // documents that were refused earlier are retried once, since the store may have been upgraded
  let withRefused = true;
  const documents = async (feeder: Feeder) => {
    const result = await feeder.feedDocuments({ withRefused });
    withRefused &&= result.failure !== undefined;
    return result;
  };
  const lists = (feeder: Feeder) => feeder.feedComponents();
  // separate feeders, so that a failure of one does not affect the other
  await Promise.all([
    goOn(documents, new Feeder(central, options), settings.pollMilliseconds),
    goOn(lists, new Feeder(central, options), settings.componentsMilliseconds),
  ]);

  async function goOn(feed: typeof documents, feeder: Feeder, pollMilliseconds: number): Promise<void> {
    const { signal, listener } = options;
    let failures = 0;
    try {
      while (!signal.aborted) {
        const { failure, withheld, documents, componentLists, refused } = await feed(feeder);
        if (documents + componentLists + refused > 0) {
          listener?.fed?.({ documents, componentLists, refused });
        }
        deduplicator.note(feeder, failure ?? [...withheld.values()][0]);
        failures = failure === undefined ? 0 : failures + 1;
        await wait(failures === 0 ? pollMilliseconds : backOffMilliseconds(failures, settings, random), signal);
      }
    } finally {
      await feeder.close();
    }
  }
}

/**
 * Feeds component lists only, from an open products database, which stays open.
 *
 * @returns the failure, if there is one
 * @throws MeridianError `identity` when the store is another's database
 */
export async function feedComponents(
  products: Database,
  openStore: () => Promise<DocumentStore> = openDocumentStore,
): Promise<Error | undefined> {
  const store = new LazyResource(openStore);
  try {
    await bringComponents(products, store, new AbortController().signal, { componentLists: 0 });
    return undefined;
  } catch (error) {
    if (isIdentityError(error)) {
      throw error;
    }
    return asError(error);
  } finally {
    await store.close();
  }
}

/** Counts the queued documents and component lists. */
export async function waitingForStore(
  central: Database | undefined,
  products: Database | undefined,
): Promise<{ readonly documents: number; readonly refused: number; readonly componentLists: number }> {
  const { waiting = 0, refused = 0 } = central === undefined ? {} : await queueLength(central);
  return { documents: waiting, refused, componentLists: products === undefined ? 0 : await countUnshipped(products) };
}

class Feeder {
  readonly #central: Database;
  readonly #options: FeedOptions;
  readonly #store: LazyResource<DocumentStore>;
  readonly #products: LazyResource<Database | undefined>;
  /** Whether the watermarks of the store were read since it was opened. */
  #isStoreKnown = false;

  constructor(central: Database, options: FeedOptions) {
    const { listener } = options;
    const onMigrated = (database: string, migrations: readonly string[]) => listener?.migrated?.(database, migrations);
    this.#central = central;
    this.#options = options;
    this.#store = new LazyResource(options.openStore ?? (() => openDocumentStore(onMigrated)));
    this.#products = new LazyResource(options.openProducts ?? openProducts);
  }

  async feedDocuments({ withRefused }: { readonly withRefused: boolean }): Promise<FeedResult> {
    const progress: Progress = { documents: 0, refused: 0, withheld: new Map() };
    const failure = await this.#trying(() => this.#feedDocuments({ progress, withRefused }));
    return { ...progress, componentLists: 0, failure };
  }

  async feedComponents(): Promise<FeedResult> {
    const counts = { componentLists: 0 };
    const failure = await this.#trying(() => this.#feedComponents(counts));
    return { documents: 0, refused: 0, ...counts, failure, withheld: new Map() };
  }

  async close(): Promise<void> {
    this.#isStoreKnown = false;
    await this.#store.close();
    await this.#products.close();
  }

  /** @returns the failure; the progress before it is kept */
  async #trying(feed: () => Promise<void>): Promise<Error | undefined> {
    try {
      await feed();
      return undefined;
    } catch (error) {
      // the next attempt reopens both
      await this.close();
      return error instanceof MeridianError ? error : programError('documents', error);
    }
  }

  async #feedDocuments(feeding: Pick<Feeding, 'progress' | 'withRefused'>): Promise<void> {
    const { signal, listener, openStore } = this.#options;
    const isThere = openStore === undefined ? isStoreThere : async () => true;
    await feedDocuments({
      ...feeding,
      central: this.#central,
      signal,
      refused: (refusal) => listener?.refused?.(refusal),
      openStore: async ({ isNeeded }) =>
        isNeeded || (!this.#isStoreKnown && (await isThere())) ? this.#store.open() : undefined,
    });
    this.#isStoreKnown = true;
  }

  async #feedComponents(counts: { componentLists: number }): Promise<void> {
    const products = await this.#products.open();
    if (products === undefined) {
      // the database may be created before the next pass
      await this.#products.close();
      return;
    }
    await bringComponents(products, this.#store, this.#options.signal, counts);
  }
}

async function bringComponents(
  products: Database,
  store: LazyResource<DocumentStore>,
  signal: AbortSignal,
  counts: { componentLists: number },
): Promise<void> {
  let after = 0;
  while (!signal.aborted) {
    const lists = await explained(products, () => unshippedLists(products, after));
    const last = lists.at(-1);
    if (last === undefined) {
      return;
    }
    const unaccepted = await (await store.open()).putComponentLists(lists);
    if (unaccepted.length === 0) {
      after = last.productId;
    } else {
      // the next page includes them with their new versions
      await explained(products, () => raiseVersions(products, unaccepted));
    }
    const left = new Set(unaccepted.map(({ productId }) => productId));
    const accepted = lists.filter(({ productId }) => !left.has(productId));
    await explained(products, () => noteShipped(products, accepted));
    counts.componentLists += accepted.length;
  }
}
