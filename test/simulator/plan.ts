/** A plan: everything that is decided before a simulation runs, as data. The same plan gives the same history. */
import type { NetworkSettings } from './parts/network.ts';

/** What a client of a region asks for, or an operator of its programs. */
export type Operation = {
  /** Not before this time: virtual milliseconds. */
  readonly at: number;
  readonly region: string;
} & (
  | { readonly kind: 'receive'; readonly key: string; readonly productId: number; readonly quantity: number }
  | {
      readonly kind: 'place';
      readonly key: string;
      readonly userId: number;
      readonly items: readonly { readonly productId: number; readonly quantity: number }[];
    }
  | { readonly kind: 'cancel'; readonly key: string }
  | { readonly kind: 'settle' }
);

/** A file of orders that a populate loads into a region. */
export interface PlannedLoad {
  /** Names the file, and the process that loads it. */
  readonly name: string;
  readonly region: string;
  /** Virtual milliseconds. */
  readonly at: number;
  /** Below a header: see `loads.ts`. */
  readonly lines: readonly string[];
  /** Records a statement, and a transaction. */
  readonly batchRecords: number;
  readonly transactionRecords: number;
}

/** What a product is made of from some time on. */
export interface PlannedList {
  /** Virtual milliseconds. */
  readonly at: number;
  readonly productId: number;
  readonly components: readonly { readonly productId: number; readonly quantity: number }[];
}

export type Fault = {
  /** Virtual milliseconds. */
  readonly at: number;
} & (
  | {
      readonly kind: 'kill';
      readonly process: string;
      /** Statements until then, and whether the last one takes effect. */
      readonly statements: number;
      readonly when: 'before' | 'after';
      readonly restartMilliseconds: number;
    }
  | { readonly kind: 'power cut'; readonly machine: string; readonly restartMilliseconds: number }
  | { readonly kind: 'pause'; readonly process: string; readonly milliseconds: number }
  | { readonly kind: 'cut'; readonly from: string; readonly to: string; readonly milliseconds: number }
  | { readonly kind: 'clock step'; readonly machine: string; readonly milliseconds: number }
  | { readonly kind: 'disk error'; readonly process: string; readonly statements: number }
  | { readonly kind: 'disk full'; readonly machine: string; readonly milliseconds: number }
  | { readonly kind: 'disk slow'; readonly machine: string; readonly milliseconds: number; readonly factor: number }
  | { readonly kind: 'database away'; readonly database: string; readonly milliseconds: number }
  /** The last user, who was missing, is loaded. */
  | { readonly kind: 'load user' }
  /** Copies databases, for a `restore` with the same label. */
  | { readonly kind: 'back up'; readonly databases: readonly string[]; readonly label: string }
  | {
      readonly kind: 'restore';
      readonly databases: readonly string[];
      readonly label: string;
      readonly restartMilliseconds: number;
    }
  /** A standby that is so far behind takes over under the running processes. */
  | { readonly kind: 'promote'; readonly database: string; readonly behindMilliseconds: number }
  | { readonly kind: 'resend'; readonly region: string; readonly fromSeq: number | undefined }
  | { readonly kind: 'retry dead letters' }
  | { readonly kind: 'compare'; readonly region: string }
  /** A second one of a program, for a while. */
  | { readonly kind: 'second process'; readonly process: string; readonly milliseconds: number }
  /** Starts a seller of one region over the database of another. */
  | { readonly kind: 'wrong URL'; readonly region: string; readonly database: string }
  | { readonly kind: 'broker wiped' }
  | { readonly kind: 'broker full'; readonly milliseconds: number }
  | { readonly kind: 'broker stopped'; readonly milliseconds: number }
);

export interface PlannedClock {
  /** Of the wall clock, in milliseconds. */
  readonly offset: number;
  /** What the clocks gain in each second, in seconds. */
  readonly drift: number;
}

export interface PlannedSettings {
  readonly batchEvents: number;
  readonly pollMilliseconds: number;
  readonly leaseSeconds: number;
  readonly reconcileSeconds: number;
  readonly confirmSeconds: number;
  readonly keepDays: number;
  /** After which the broker delivers again what was not acknowledged. */
  readonly ackWaitSeconds: number;
}

export interface Plan {
  readonly format: 1;
  /** What is not decided here is drawn from it: latencies, and which of several things that happen at once comes first. */
  readonly seed: number;
  /** Whether central answers relays itself, or a broker stores what they publish. */
  readonly transport: 'direct' | 'stored';
  /**
   * Whether, behind a message server, all of `relay run` and `central run` runs, and not only the relay, the inbox and the feed in them. Every seed
   * behind a message server draws it; earlier plans do not say it.
   */
  readonly wholePrograms?: true;
  /**
   * Whether everything is on one machine, central's, where one process ships all regions, as `meridian sync --watch` does. There are no relays
   * beside it, and no central.
   */
  readonly sync?: true;
  readonly regions: readonly string[];
  readonly relays: number;
  /** Requests that the clients of a region make at once, in one process; 1 if it is not said. */
  readonly clients?: number;
  readonly settings: PlannedSettings;
  readonly network: NetworkSettings;
  /** By machine: a region, or central. */
  readonly clocks: Readonly<Record<string, PlannedClock>>;
  /** How long faults happen: virtual milliseconds. From then on all is well. */
  readonly milliseconds: number;
  readonly operations: readonly Operation[];
  readonly faults: readonly Fault[];
  /** None if it is not said. */
  readonly loads?: readonly PlannedLoad[];
  /** In this order; none if it is not said. */
  readonly lists?: readonly PlannedList[];
}

/**
 * A process that has a file open writes on to it where it has been moved to, and the next process makes another file: only one that nothing writes
 * to can be taken away.
 */
export function canBeAway(database: string, { lists = [] }: Pick<Plan, 'lists'>): boolean {
  return database === 'users' || (database === 'products' && lists.length === 0);
}

export const CENTRAL = 'central';
export const BROKER = 'broker';
/** The process that ships all regions. */
export const SYNC = 'sync';

/** The processes that ship a region. */
export function shippers({ sync, relays }: Pick<Plan, 'sync' | 'relays'>, region: string): string[] {
  return sync ? [SYNC] : Array.from({ length: relays }, (_, index) => `relay ${region} ${index + 1}`);
}

/** Where the processes of a region run. */
export function machineOf({ sync }: Pick<Plan, 'sync'>, region: string): string {
  return sync ? CENTRAL : region;
}

/** The name of a region's database. */
export function ordersDatabase(region: string): string {
  return `orders.${region}`;
}

/** The name of the process that loads a file. */
export function populateProcess({ name }: Pick<PlannedLoad, 'name'>): string {
  return `populate ${name}`;
}

/** The region of an orders database; nothing for other databases. */
export function regionOfDatabase(database: string): string | undefined {
  const prefix = ordersDatabase('');
  return database.startsWith(prefix) ? database.slice(prefix.length) : undefined;
}
