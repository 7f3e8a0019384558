/**
 * Brings to the document store what waits for it: documents from central, and what products are made of from the products
 * database. Whatever is not in the store yet stays where it is, so the store may be down for as long as it likes.
 */
import { forgettings, nextDocuments, noteRefusal, queueLength, unqueue } from '../central/document-queue.ts';
import type { Database } from '../databases/database.ts';
import type { QueuedDocument } from '../facts/document-queue.entity.ts';
import { backOffMilliseconds } from '../outbox/back-off.ts';
import { wait } from '../outbox/wait.ts';
import { asError } from '../settle.ts';
import { Lazily } from './lazily.ts';
import { openDocumentStore } from './open.ts';
import { openProducts } from './products.ts';
import { putDocuments } from './put-documents.ts';
import type { DocumentStore } from './store.ts';
import { countUnshipped, noteShipped, unshippedLists } from './unshipped.ts';

export interface Fed {
  /** Documents that the store has now. */
  readonly documents: number;
  readonly componentLists: number;
  /** Documents that the store does not take; they stay in central, with the reason. */
  readonly refused: number;
}

export interface FeedListener {
  fed?(fed: Fed): void;
  /** Told once, until another reason comes or it succeeds again; nothing is lost meanwhile. */
  failed?(error: Error): void;
  /** After a failure. */
  recovered?(): void;
  migrated?(database: string, migrations: readonly string[]): void;
}

export interface FeedSettings {
  /** How often central is looked into. */
  readonly pollMilliseconds: number;
  /** How often the products database is. */
  readonly componentsMilliseconds: number;
  readonly firstBackOffMilliseconds: number;
  readonly maxBackOffMilliseconds: number;
}

export const FEED_SETTINGS: FeedSettings = {
  pollMilliseconds: 500,
  componentsMilliseconds: 2000,
  firstBackOffMilliseconds: 500,
  maxBackOffMilliseconds: 30_000,
};

export interface FeedOptions {
  /** When aborted, the batch that is under way is finished. */
  readonly signal: AbortSignal;
  readonly listener?: FeedListener | undefined;
  readonly settings?: Partial<FeedSettings>;
  /** Instead of the store that the environment says. */
  readonly openStore?: () => Promise<DocumentStore>;
  /** Instead of the products database that the environment says; nothing when there is none. */
  readonly openProducts?: () => Promise<Database | undefined>;
}

export interface FeedResult extends Fed {
  /** What kept the rest from getting to the store. */
  readonly failure: Error | undefined;
}

/** Brings all that waits. Never throws: what went wrong is in the result, and what did not get there waits on. */
export async function feedOnce(central: Database, options: FeedOptions): Promise<FeedResult> {
  const feeder = new Feeder(central, options);
  try {
    return await feeder.pass({ withRefused: true, withComponents: true });
  } finally {
    await feeder.close();
  }
}

/** Brings whatever waits and whatever comes, until `signal` is aborted. Never throws. */
export async function feedOn(central: Database, options: FeedOptions): Promise<void> {
  const { signal, listener } = options;
  const settings = { ...FEED_SETTINGS, ...options.settings };
  const feeder = new Feeder(central, options);
  let failures = 0;
  let told: string | undefined;
  // documents that were refused are given to the store once more, perhaps to a newer one
  let withRefused = true;
  let componentsAt = 0;
  try {
    while (!signal.aborted) {
      const withComponents = performance.now() >= componentsAt;
      const { failure, ...fed } = await feeder.pass({ withRefused, withComponents });
      if (fed.documents + fed.componentLists + fed.refused > 0) {
        listener?.fed?.(fed);
      }
      if (failure === undefined) {
        withRefused = false;
        failures = 0;
        componentsAt = withComponents ? performance.now() + settings.componentsMilliseconds : componentsAt;
        if (told !== undefined) {
          told = undefined;
          listener?.recovered?.();
        }
        await wait(settings.pollMilliseconds, signal);
        continue;
      }
      failures++;
      if (told !== failure.message) {
        told = failure.message;
        listener?.failed?.(failure);
      }
      await wait(backOffMilliseconds(failures, settings, Math.random), signal);
    }
  } finally {
    await feeder.close();
  }
}

/** Brings component lists only, of a products database that is open and stays so. @returns what kept them from getting there */
export async function feedComponents(
  products: Database,
  openStore: () => Promise<DocumentStore> = openDocumentStore,
): Promise<Error | undefined> {
  const store = new Lazily(openStore);
  try {
    await bringComponents(products, store, new AbortController().signal, { componentLists: 0 });
    return undefined;
  } catch (error) {
    return asError(error);
  } finally {
    await store.close();
  }
}

/** How much waits, without bringing it anywhere. */
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
  readonly #store: Lazily<DocumentStore>;
  readonly #products: Lazily<Database | undefined>;

  constructor(central: Database, options: FeedOptions) {
    const { listener } = options;
    const onMigrated = (database: string, migrations: readonly string[]) => listener?.migrated?.(database, migrations);
    this.#central = central;
    this.#options = options;
    this.#store = new Lazily(options.openStore ?? (() => openDocumentStore(onMigrated)));
    this.#products = new Lazily(options.openProducts ?? openProducts);
  }

  /** Documents and component lists, each whatever becomes of the other. */
  async pass({ withRefused, withComponents }: Record<'withRefused' | 'withComponents', boolean>): Promise<FeedResult> {
    const counts = { documents: 0, componentLists: 0, refused: 0 };
    const failures: Error[] = [];
    const feedDocuments = () => this.#feedDocuments(counts, withRefused);
    const feedComponents = () => this.#feedComponents(counts);
    for (const feed of withComponents ? [feedDocuments, feedComponents] : [feedDocuments]) {
      try {
        await feed();
      } catch (error) {
        failures.push(asError(error));
        // whatever it was is opened anew for the next attempt
        await this.close();
      }
    }
    return { ...counts, failure: failures[0] };
  }

  async close(): Promise<void> {
    await this.#store.close();
    await this.#products.close();
  }

  async #feedDocuments(counts: { documents: number; refused: number }, withRefused: boolean): Promise<void> {
    const { signal } = this.#options;
    let after: QueuedDocument | undefined;
    while (!signal.aborted) {
      const page = await this.#ofCentral(() => nextDocuments(this.#central, after, { withRefused }));
      after = page.at(-1);
      if (after === undefined) {
        break;
      }
      const { taken, refused } = await putDocuments(await this.#store.open(), page);
      await this.#ofCentral(() => unqueue(this.#central, taken));
      for (const { document, reason } of refused) {
        await this.#ofCentral(() => noteRefusal(this.#central, document, reason));
      }
      counts.documents += taken.length;
      counts.refused += refused.length;
    }
    // after all that was sent again, so that nothing is missing in between
    for (const one of signal.aborted ? [] : await this.#ofCentral(() => forgettings(this.#central))) {
      const store = await this.#store.open();
      await store.forgetEarlierEpochs(one.region, one.epoch);
      await this.#ofCentral(() => unqueue(this.#central, [one]));
    }
  }

  async #feedComponents(counts: { componentLists: number }): Promise<void> {
    const products = await this.#products.open();
    if (products === undefined) {
      // it may come up before the next pass
      await this.#products.close();
      return;
    }
    await bringComponents(products, this.#store, this.#options.signal, counts);
  }

  #ofCentral<T>(work: () => Promise<T>): Promise<T> {
    return explained(this.#central, work);
  }
}

async function bringComponents(
  products: Database,
  store: Lazily<DocumentStore>,
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
    after = last.productId;
    await (await store.open()).putComponentLists(lists);
    await explained(products, () => noteShipped(products, lists));
    counts.componentLists += lists.length;
  }
}

async function explained<T>(database: Database, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw database.explain(error);
  }
}
