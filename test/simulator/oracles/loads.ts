/** Every record of a load that has ended has exactly one outcome: it is rejected, or its row is there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PRODUCT_IDS, USER_IDS } from '../parts/files.ts';
import { ordersDatabase, type PlannedLoad, populateProcess } from '../plan.ts';
import { fileOf, rejectsFolder } from '../programs/populate.ts';
import type { World } from '../world.ts';

interface Run {
  readonly id: string;
  readonly state: string;
  readonly read: number;
  readonly accepted: number;
  readonly rejected: number;
}

interface Reject {
  readonly number: number;
  readonly errors: string;
}

interface OrderRow {
  readonly id: number;
  readonly user: number;
  readonly product: number;
  readonly quantity: number;
}

const NEWEST = `
  select id, state, read, inserted + updated + unchanged as accepted, rejected from meridian_runs_orders
  where source = ? order by id desc limit 1`;

export function wrongOutcomes(world: World, load: PlannedLoad): string[] {
  const { views } = world;
  const database = ordersDatabase(load.region);
  const file = fileOf(load);
  const run = views.row<Run>(database, NEWEST, file);
  if (run?.state !== 'finished') {
    return [`${file} is not loaded: its run is ${run?.state ?? 'not there'}`];
  }
  const { id, read, accepted, rejected } = run;
  const rejects = views.rows<Reject>(
    database,
    'select number, errors from meridian_rejects_orders where run = ? order by number',
    id,
  );
  const why = new Map(rejects.map(({ number, errors }) => [number, errors]));
  const orders = new Map(
    views
      .rows<OrderRow>(database, 'select id, user_id as user, product_id as product, quantity from orders')
      .map((row) => [row.id, row]),
  );
  return [
    ...(read === load.lines.length && accepted + rejected === read && why.size === rejected
      ? []
      : [
          `${file} has ${load.lines.length} records: ${read} were read, ${accepted} accepted and ${rejected} rejected, of which ${why.size} are kept`,
        ]),
    ...load.lines.flatMap((line, index) => {
      const text = `record ${index + 1} of ${file} (${line})`;
      const errors = why.get(index + 1);
      const [order = '', ...values] = line.split(',');
      const row = orders.get(Number(order));
      if (errors !== undefined) {
        return isWronglyDangling(values, errors)
          ? [`${text} is rejected, and what it refers to is there: ${errors}`]
          : [];
      }
      const there = row && [row.user, row.product, row.quantity].join();
      return there === values.slice(0, 3).join() ? [] : [`${text} was accepted, and is ${there ?? 'not there'}`];
    }),
    ...wrongFile(world, load, run, rejects),
  ];
}

function isWronglyDangling([user, product]: readonly string[], errors: string): boolean {
  const isThere =
    [...USER_IDS].some((id) => id === Number(user)) && [...PRODUCT_IDS].some((id) => id === Number(product));
  return isThere && errors.includes('does not exist');
}

/** The rejects of the run that ended last in a region are in its file, which no restore puts back. */
function wrongFile(world: World, load: PlannedLoad, { id }: Run, rejects: readonly Reject[]): string[] {
  const database = ordersDatabase(load.region);
  if (isPutBackSinceLoaded(world, load.region)) {
    return [];
  }
  const last = world.views.row<{ id: string }>(database, 'select max(id) as id from meridian_runs_orders');
  if (last?.id !== id) {
    return [];
  }
  const path = join(rejectsFolder(world), `${database}.ndjson`);
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return lines.length === rejects.length
    ? []
    : [`${database}.ndjson has ${lines.length} records, and ${rejects.length} of ${fileOf(load)} were rejected`];
}

/** Whether the region may not have the run whose rejects are in the file. */
function isPutBackSinceLoaded({ plan, trace }: World, region: string): boolean {
  const loading = new Set(plan.loads?.filter((load) => load.region === region).map(populateProcess));
  const last = trace.entries.findLast(
    ({ lane, kind }) =>
      (loading.has(lane) && kind === 'loaded') ||
      (lane === ordersDatabase(region) && (kind === 'restored' || kind === 'promoted')),
  );
  return last !== undefined && last.kind !== 'loaded';
}

/** Whatever is loaded refers to what is there. */
export function danglingOrders({ views }: World, region: string): string[] {
  const known = new Set(views.rows<{ id: number }>('users', 'select id from users').map(({ id }) => id));
  return views
    .rows<OrderRow>(
      ordersDatabase(region),
      'select id, user_id as user, product_id as product, quantity from orders where checkout_id is null',
    )
    .filter(({ user, product }) => !(known.has(user) && [...PRODUCT_IDS].some((id) => id === product)))
    .map(({ id, user, product }) => `${region}: order ${id} of user ${user} and product ${product} is loaded`);
}
