/**
 * Brings to the document store what waits for it: documents from central, and what products are made of from the products
 * database. Whatever is not in the store yet stays where it is, so the store may be down for as long as it likes.
 */
import { forgettings, nextDocuments, noteRefusal, queueLength, unqueue } from '../central/document-queue.ts';
import type { Database } from '../databases/database.ts';
import { isIdentityError } from '../databases/identity.ts';
import { MeridianError, programError } from '../errors.ts';
import type { QueuedDocument } from '../facts/document-queue.entity.ts';
import { backOffMilliseconds } from '../outbox/back-off.ts';
import { wait } from '../outbox/wait.ts';
import { asError } from '../settle.ts';
import { Lazily } from './lazily.ts';
import { openDocumentStore } from './open.ts';
import { openProducts } from './products.ts';
import { putDocuments, type Refusal } from './put-documents.ts';
import type { DocumentStore } from './store.ts';
import { Troubles } from './troubles.ts';
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
  /** A document that the store does not take. */
  refused?(refusal: Refusal): void;
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
    const documents = await feeder.feedDocuments({ withRefused: true });
    const lists = await feeder.feedComponents();
    return {
      documents: documents.documents,
      refused: documents.refused,
      componentLists: lists.componentLists,
      failure: documents.failure ?? lists.failure,
    };
  } finally {
    await feeder.close();
  }
}

/** Brings whatever waits and whatever comes, until `signal` is aborted. Never throws. */
export async function feedOn(central: Database, options: FeedOptions): Promise<void> {
  const settings = { ...FEED_SETTINGS, ...options.settings };
  const troubles = new Troubles(options.listener);
  // documents that were refused are given to the store once more, perhaps to a newer one
  let withRefused = true;
  const documents = async (feeder: Feeder) => {
    const result = await feeder.feedDocuments({ withRefused });
    withRefused &&= result.failure !== undefined;
    return result;
  };
  const lists = (feeder: Feeder) => feeder.feedComponents();
  // each with a feeder of its own, for what keeps the one back is nothing to the other
  await Promise.all([
    goOn(documents, new Feeder(central, options), settings.pollMilliseconds),
    goOn(lists, new Feeder(central, options), settings.componentsMilliseconds),
  ]);

  async function goOn(feed: typeof documents, feeder: Feeder, pollMilliseconds: number): Promise<void> {
    const { signal, listener } = options;
    let failures = 0;
    try {
      while (!signal.aborted) {
        const { failure, ...fed } = await feed(feeder);
        if (fed.documents + fed.componentLists + fed.refused > 0) {
          listener?.fed?.(fed);
        }
        troubles.note(feeder, failure);
        failures = failure === undefined ? 0 : failures + 1;
        await wait(failures === 0 ? pollMilliseconds : backOffMilliseconds(failures, settings, Math.random), signal);
      }
    } finally {
      await feeder.close();
    }
  }
}

/**
 * Brings component lists only, of a products database that is open and stays so.
 *
 * @returns what kept them from getting there
 * @throws MeridianError `identity` when the store is another's database
 */
export async function feedComponents(
  products: Database,
  openStore: () => Promise<DocumentStore> = openDocumentStore,
): Promise<Error | undefined> {
  const store = new Lazily(openStore);
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

/** How much waits, without bringing it anywhere. */
export async function waitingForStore(
  central: Database | undefined,
  products: Database | undefined,
): Promise<{ readonly documents: number; readonly refused: number; readonly componentLists: number }> {
  const { waiting = 0, refused = 0 } = central === undefined ? {} : await queueLength(central);
  return { documents: waiting, refused, componentLists: products === undefined ? 0 : await countUnshipped(products) };
}

type Counts = { -readonly [Name in keyof Fed]: Fed[Name] };

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

  async feedDocuments({ withRefused }: { readonly withRefused: boolean }): Promise<FeedResult> {
    return this.#counting((counts) => this.#feedDocuments(counts, withRefused));
  }

  async feedComponents(): Promise<FeedResult> {
    return this.#counting((counts) => this.#feedComponents(counts));
  }

  async close(): Promise<void> {
    await this.#store.close();
    await this.#products.close();
  }

  /** What got there counts, whatever failed afterwards. */
  async #counting(feed: (counts: Counts) => Promise<void>): Promise<FeedResult> {
    const counts = { documents: 0, componentLists: 0, refused: 0 };
    try {
      await feed(counts);
      return { ...counts, failure: undefined };
    } catch (error) {
      // whatever it was is opened anew for the next attempt
      await this.close();
      return { ...counts, failure: error instanceof MeridianError ? error : programError('documents', error) };
    }
  }

  async #feedDocuments(counts: Counts, withRefused: boolean): Promise<void> {
    const { signal } = this.#options;
    // only those of before, so that all that was sent again is there first: more may come behind what has been looked at
    const forgotten = await this.#ofCentral(() => forgettings(this.#central));
    let after: QueuedDocument | undefined;
    while (!signal.aborted) {
      const page = await this.#ofCentral(() => nextDocuments(this.#central, after, { withRefused }));
      after = page.at(-1);
      if (after === undefined) {
        break;
      }
      const { taken, refused } = await putDocuments(await this.#store.open(), page);
      await this.#ofCentral(() => unqueue(this.#central, taken));
      for (const refusal of refused) {
        await this.#ofCentral(() => noteRefusal(this.#central, refusal.document, refusal.reason));
        this.#options.listener?.refused?.(refusal);
      }
      counts.documents += taken.length;
      counts.refused += refused.length;
    }
    for (const one of signal.aborted ? [] : forgotten) {
      const store = await this.#store.open();
      await store.forgetEarlierEpochs(one.region, one.epoch);
      await this.#ofCentral(() => unqueue(this.#central, [one]));
    }
  }

  async #feedComponents(counts: Counts): Promise<void> {
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
    throw database.fault(error);
  }
}
