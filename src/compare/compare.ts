/**
 * Proves that central has of a region just what the region holds, at the point up to which central has got: whatever has
 * changed since is on its way, and left out on both sides.
 */
import { createHash, type Hash } from 'node:crypto';
import { sql } from 'kysely';
import { positionIn } from '../central/cursor.ts';
import type { Database, EntityManager } from '../databases/database.ts';
import { regionOf } from '../databases/regions.ts';
import type { Position } from '../transport/transport.ts';
import { COMPARED_TABLES, type ComparedRow, type ComparedTable } from './rows.ts';

export interface Totals {
  readonly rows: number;
  readonly pieces: bigint;
  /** Pieces times unit price. */
  readonly valueCents: bigint;
  /** SHA-256 over id and version of every row, in the order of the ids. */
  readonly hash: string;
}

export interface TableComparison {
  readonly aggregate: ComparedTable['aggregate'];
  readonly region: Totals;
  readonly central: Totals;
}

export interface Comparison {
  /** Up to where central has got; nothing when it has never heard of the region. */
  readonly watermark: Position | undefined;
  /** Orders and products that have changed since, and are left out. */
  readonly leftOut: number;
  readonly tables: readonly TableComparison[];
  readonly differences: number;
  /** The first of them, a sentence each. */
  readonly examples: readonly string[];
}

const PAGE_ROWS = 2000;
const MAX_EXAMPLES = 100;

/** Each side is read as it was at one moment, central first. */
export async function compare(central: Database, region: Database, maxExamples = MAX_EXAMPLES): Promise<Comparison> {
  try {
    return await central.readAtOnce(async (there) => {
      const name = regionOf(region.name);
      // the first read, so that it is what the rest is as new as
      const watermark = await positionIn(there, name);
      try {
        return await region.readAtOnce((here) => compareSnapshots({ name, here, there, watermark, maxExamples }));
      } catch (error) {
        throw region.explain(error);
      }
    });
  } catch (error) {
    throw central.explain(error);
  }
}

interface Sides {
  readonly name: string;
  readonly here: EntityManager;
  readonly there: EntityManager;
  readonly watermark: Position | undefined;
  readonly maxExamples: number;
}

async function compareSnapshots(sides: Sides): Promise<Comparison> {
  const { here, watermark, maxExamples } = sides;
  const changed = await changedSince(here, watermark);
  const found = new Differences(maxExamples);
  const tables: TableComparison[] = [];
  for (const table of COMPARED_TABLES) {
    tables.push(await compareTable(table, sides, changed[table.aggregate], found));
  }
  return {
    watermark,
    leftOut: changed.order.size + changed.stock.size,
    tables,
    differences: found.count,
    examples: found.examples,
  };
}

/** What has events that central had not dealt with. */
async function changedSince(
  em: EntityManager,
  { epoch, seq }: Pick<Position, 'epoch' | 'seq'> = { epoch: 0, seq: 0 },
): Promise<Record<ComparedTable['aggregate'], ReadonlySet<number>>> {
  const { rows } = await sql<{ aggregate: string; id: number }>`
    select distinct aggregate, aggregate_id as id from outbox_event
    where seq is null or (epoch, seq) > (${epoch}, ${seq})`.execute(em.getKysely());
  const idsOf = (wanted: string) => new Set(rows.filter(({ aggregate }) => aggregate === wanted).map(({ id }) => id));
  return { order: idsOf('order'), stock: idsOf('stock') };
}

async function compareTable(
  table: ComparedTable,
  { name, here, there }: Sides,
  changed: ReadonlySet<number>,
  found: Differences,
): Promise<TableComparison> {
  const [region, central] = [new Sum(table), new Sum(table)];
  const noteOnlyInCentral = (row: ComparedRow) => {
    central.add(row);
    found.add(`${table.aggregate} ${row.id} is in central only`);
  };
  let after = 0;
  for (;;) {
    const ours = await table.inRegion(here, after, PAGE_ROWS);
    const upTo = ours.length < PAGE_ROWS ? undefined : ours.at(-1)?.id;
    const theirs = new Map<number, ComparedRow>();
    for await (const row of centralRows(table, there, name, after, upTo)) {
      if (!changed.has(row.id)) {
        theirs.set(row.id, row);
      }
    }
    for (const row of ours.filter(({ id }) => !changed.has(id))) {
      region.add(row);
      const other = theirs.get(row.id);
      theirs.delete(row.id);
      if (other === undefined) {
        found.add(`${table.aggregate} ${row.id} is not in central`);
      } else {
        central.add(other);
        found.addIfDifferent(table.aggregate, row, other, name);
      }
    }
    for (const row of theirs.values()) {
      noteOnlyInCentral(row);
    }
    if (upTo === undefined) {
      return { aggregate: table.aggregate, region: region.totals, central: central.totals };
    }
    after = upTo;
  }
}

async function* centralRows(
  table: ComparedTable,
  em: EntityManager,
  region: string,
  from: number,
  upTo: number | undefined,
): AsyncGenerator<ComparedRow> {
  let after = from;
  for (;;) {
    const page = await table.inCentral(em, region, after, upTo, PAGE_ROWS);
    yield* page;
    if (page.length < PAGE_ROWS) {
      return;
    }
    after = page.at(-1)?.id ?? after;
  }
}

class Sum {
  readonly #pieces: ComparedTable['pieces'];
  readonly #hash: Hash = createHash('sha256');
  #rows = 0;
  #sum = 0n;
  #valueCents = 0n;

  constructor({ pieces }: ComparedTable) {
    this.#pieces = pieces;
  }

  add(row: ComparedRow): void {
    const pieces = BigInt(row[this.#pieces] ?? 0);
    this.#rows++;
    this.#sum += pieces;
    this.#valueCents += pieces * BigInt(row['unit_price_cents'] ?? 0);
    this.#hash.update(`${row.id}:${row.version}\n`);
  }

  get totals(): Totals {
    return { rows: this.#rows, pieces: this.#sum, valueCents: this.#valueCents, hash: this.#hash.digest('hex') };
  }
}

class Differences {
  readonly examples: string[] = [];
  readonly #most: number;
  count = 0;

  constructor(most: number) {
    this.#most = most;
  }

  add(sentence: string): void {
    this.count++;
    if (this.examples.length < this.#most) {
      this.examples.push(sentence);
    }
  }

  addIfDifferent(aggregate: string, row: ComparedRow, other: ComparedRow, region: string): void {
    const columns = Object.keys(row).filter((column) => row[column] !== other[column]);
    if (columns.length > 0) {
      const each = columns.map(
        (column) => `${column} is ${told(row[column])} in ${region}, ${told(other[column])} in central`,
      );
      this.add(`${aggregate} ${row.id}: ${each.join('; ')}`);
    }
  }
}

function told(value: string | number | null | undefined): string {
  return value === null || value === undefined ? 'empty' : String(value);
}
