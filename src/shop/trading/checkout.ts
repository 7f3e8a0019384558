/** Idempotency keys: a repeated request with the same key changes nothing and returns the first outcome. */

import type { Kysely } from 'kysely';
import { type Database, type EntityManager, statement } from '../../databases.ts';
import { MeridianError } from '../../index.ts';
import { compileRules, newId, parseJson, ruleErrors, timestamp } from '../../types.ts';
import { Checkout } from './checkout.entity.ts';
import type { JointWork } from './group-commit.ts';
import { Lookup } from './lookup.ts';
import type { Region } from './region.ts';
import { type RegionTables, tablesOf } from './tables.ts';
import { inTransaction } from './transaction.ts';

/** A key with its request. */
export interface Claim {
  readonly key: string;
  /** Whether the caller has chosen the key, and may repeat the request with it. */
  readonly isGiven: boolean;
  /** A description of the request, which is equal exactly for equal requests. */
  readonly request: string;
  /** Further data to store, as JSON. */
  readonly details?: string | null;
}

export interface Repeatable {
  /** Whether the outcome is that of an earlier request with the same key, and nothing was done now. */
  readonly isRepeated: boolean;
}

/** The key was used for another request. */
export class UsedKeyError extends MeridianError {}

/** The stored data of a checkout, which includes the outcome. */
export interface Kept<T> {
  readonly outcome: T;
  /** Ids of the orders whose pieces were put back. */
  readonly returned: readonly number[];
  /** The id of the call with this outcome; missing in rows from before calls had ids. */
  readonly call?: string;
}

const keepsRules = compileRules(Checkout);

/** @throws MeridianError `usage` for a key that cannot be stored */
export function checkKey(key: string): void {
  const checkout = Object.assign(new Checkout(), { id: key });
  const [error] = keepsRules(checkout) ? [] : ruleErrors(checkout);
  if (error !== undefined) {
    throw new MeridianError('usage', `${error.message}.`);
  }
}

/**
 * The outcome of an earlier request with this key, if there was one. It must be read before any other check, since conditions may have
 * changed since then.
 *
 * @throws MeridianError `usage` when the key was used for another request
 */
export async function earlierOutcome<T>({ database }: Region, claim: Claim): Promise<(T & Repeatable) | undefined> {
  if (!claim.isGiven) {
    return undefined;
  }
  const row = await lookupOf(database).find(claim.key);
  const kept = row && readKept<T>(database, claim, row);
  return kept && { ...kept.outcome, isRepeated: true };
}

/** Batches concurrent lookups of keys. */
const lookups = new WeakMap<Database, Lookup<string, CheckoutRow>>();

function lookupOf(database: Database): Lookup<string, CheckoutRow> {
  let lookup = lookups.get(database);
  if (lookup === undefined) {
    lookup = new Lookup(async (keys) => {
      try {
        return await checkoutsOf(database, database.outside, keys);
      } catch (error) {
        throw database.explain(error);
      }
    });
    lookups.set(database, lookup);
  }
  return lookup;
}

/** Key -> existing checkout. */
export async function checkoutsOf(
  database: Database,
  em: EntityManager,
  keys: readonly string[],
): Promise<ReadonlyMap<string, CheckoutRow>> {
  const rows = (await database.bulk(Checkout).findByPrimaryKey(em, keys)) as unknown as readonly Checkout[];
  return new Map(rows.map((row) => [row.id, row]));
}

/**
 * Runs work in a transaction that first claims the key and finally stores the outcome. If the key is taken, the stored outcome is returned.
 * That may be the outcome of this call, if an earlier attempt was committed but its acknowledgement was lost.
 *
 * @param jointWork does the same work for several callers together; it must claim the keys and store the outcomes
 * @throws MeridianError `usage` when the key was used for another request; `database` when it is unknown whether the work was done, with
 *   the key for a retry; errors of `work`
 */
export async function once<T extends object>(
  region: Region,
  claim: Claim,
  work: (em: EntityManager, at: string) => Promise<T>,
  jointWork?: (call: string) => JointWork<T & Repeatable>,
): Promise<T & Repeatable> {
  try {
    const call = newId();
    return await claimed(region, { claim, call, jointWork: jointWork?.(call) }, work);
  } catch (error) {
    throw isInDoubt(region, error) ? inDoubt(error, claim) : error;
  }
}

/**
 * Runs work without a key of its own exactly once, even if a connection is lost during the commit, after which it is unknown whether the
 * work was done.
 *
 * @param request a description of the work
 * @param hasChanged whether the work has changed anything; if not, its outcome is not stored
 * @throws errors of `work`
 */
export function onceOnly<T extends object>(
  region: Region,
  request: string,
  work: (em: EntityManager, at: string) => Promise<T>,
  hasChanged: (outcome: T) => boolean,
): Promise<T> {
  const claim = { key: newId(), isGiven: false, request };
  return claimed(region, { claim, call: newId(), jointWork: undefined }, work, hasChanged);
}

interface Call<T> {
  readonly claim: Claim;
  /** The id of this call. */
  readonly call: string;
  readonly jointWork: JointWork<T & Repeatable> | undefined;
}

function claimed<T extends object>(
  region: Region,
  { claim, call, jointWork }: Call<T>,
  work: (em: EntityManager, at: string) => Promise<T>,
  hasChanged: (outcome: T) => boolean = () => true,
): Promise<T & Repeatable> {
  return inTransaction(
    region,
    async (em) => {
      const at = timestamp();
      if (await claimKey(em, claim, at)) {
        const outcome = await work(em, at);
        await (hasChanged(outcome)
          ? keep(em, claim.key, { outcome, returned: [], call })
          : em.nativeDelete(Checkout, { id: claim.key }));
        return { ...outcome, isRepeated: false };
      }
      const first = await keptFor<T>(region.database, em, claim);
      if (first === undefined) {
        throw new Error(`${region.database.name}: the key ${claim.key} is taken and not there`);
      }
      return { ...first.outcome, isRepeated: first.call !== call };
    },
    jointWork,
  );
}

/** Whether, after the failure of the last attempt, it is unknown whether an attempt was committed. */
function isInDoubt({ database }: Region, error: unknown): error is MeridianError {
  return error instanceof MeridianError && error.code === 'database' && database.isTransient(error.cause);
}

function inDoubt(error: MeridianError, { key, request }: Claim): MeridianError {
  return new MeridianError(
    'database',
    `${error.message} It is not known whether this was done: ${request}. Ask again with the key ${key}: it is done at most once, and the answer says what became of it.`,
    { cause: error },
  );
}

/** @returns whether the key was free */
async function claimKey(em: EntityManager, { key, request, details = null }: Claim, at: string): Promise<boolean> {
  return (await insertCheckout(em, key, request, at, details)).numAffectedRows === 1n;
}

const insertCheckout = statement(
  (tables: Kysely<RegionTables>, key: string, request: string, at: string, details: string | null) =>
    tables
      .insertInto('Checkout')
      .values({ id: key, request, outcome: '', placedAt: at, details })
      .onConflict((conflict) => conflict.doNothing()),
);

async function keptFor<T>(database: Database, em: EntityManager, claim: Claim): Promise<Kept<T> | undefined> {
  const [row] = (await findCheckout(em, claim.key)).rows;
  return row && readKept(database, claim, row);
}

type CheckoutRow = Pick<Checkout, 'request' | 'outcome' | 'placedAt'>;

/** @throws UsedKeyError when the key was used for another request */
export function readKept<T>(database: Database, { key, request }: Claim, row: CheckoutRow): Kept<T> {
  if (row.request !== request) {
    throw new UsedKeyError(
      'usage',
      `${database.name}: the key ${key} was used on ${row.placedAt} for something else: ${row.request}. Take another key for ${request}.`,
    );
  }
  return parseJson(row.outcome) as Kept<T>;
}

const findCheckout = statement((tables: Kysely<RegionTables>, key: string) =>
  tables.selectFrom('Checkout').select(['request', 'outcome', 'placedAt']).where('id', '=', key),
);

/**
 * The ids of the orders that were placed with a key, which never change.
 *
 * @throws MeridianError `usage` if there are none
 */
export async function ordersPlacedWith({ name, database }: Region, key: string): Promise<number[]> {
  const kept = await readCheckout(database, key);
  const ids = kept?.outcome.orders?.map(({ id }) => id) ?? [];
  if (ids.length === 0) {
    const what = kept === undefined ? 'was not used' : 'placed no order';
    throw new MeridianError('usage', `The key ${key} ${what} in ${name}. Name an order with --order, or another key.`);
  }
  return ids;
}

/**
 * Returns the lines of a checkout whose pieces were taken from stock and not put back yet, and marks them as put back. The row is locked
 * first, so that two cancellations do not overwrite each other.
 */
export async function claimStockReturn<Line extends { readonly id: number }>(
  em: EntityManager,
  key: string,
  orderIds: readonly number[],
): Promise<readonly Line[]> {
  const kept = await lockCheckout<Line>(em, key);
  if (kept === undefined) {
    return [];
  }
  const { outcome, returned } = kept;
  const lines = (outcome.orders ?? []).filter(({ id }) => orderIds.includes(id) && !returned.includes(id));
  if (lines.length > 0) {
    await keep(em, key, { ...kept, returned: [...returned, ...lines.map(({ id }) => id)] });
  }
  return lines;
}

async function readCheckout(
  database: Database,
  key: string,
): Promise<Kept<{ readonly orders?: readonly { readonly id: number }[] }> | undefined> {
  try {
    const row = await database.fork().findOne(Checkout, { id: key }, { fields: ['outcome'] });
    return row === null
      ? undefined
      : (parseJson(row.outcome) as Kept<{ readonly orders?: readonly { readonly id: number }[] }>);
  } catch (error) {
    throw database.explain(error);
  }
}

/** Reads a checkout and locks its row, by an update that changes nothing but locks on every engine. */
async function lockCheckout<Line extends { readonly id: number }>(
  em: EntityManager,
  key: string,
): Promise<Kept<{ readonly orders?: readonly Line[] }> | undefined> {
  const row = await tablesOf(em)
    .updateTable('Checkout')
    .set((column) => ({ outcome: column.ref('outcome') }))
    .where('id', '=', key)
    .returning('outcome')
    .executeTakeFirst();
  return row && (parseJson(row.outcome) as Kept<{ readonly orders?: readonly Line[] }>);
}

async function keep<T>(em: EntityManager, key: string, kept: Kept<T>): Promise<void> {
  await updateOutcome(em, key, JSON.stringify(kept));
}

const updateOutcome = statement((tables: Kysely<RegionTables>, key: string, outcome: string) =>
  tables.updateTable('Checkout').set({ outcome }).where('id', '=', key),
);
