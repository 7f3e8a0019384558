/**
 * Compares the rows of a region with those in central, at the position of central: rows that have changed since then are in transit, and
 * excluded on both sides.
 */
import { createHash, type Hash } from 'node:crypto';
import { sql } from 'kysely';
import type { Database, EntityManager } from '../../databases.ts';
import { Outbox, type Position, regionOf } from '../../replication/index.ts';
import { inboxOf } from '../central/inbox.ts';
import { COMPARED_TABLES, type ComparedRow, type ComparedTable } from './rows.ts';

interface Totals {
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
  /** The position of central; `undefined` if it does not know the region. */
  readonly watermark: Position | undefined;
  /** The number of orders and products that have changed since then, and are excluded. */
  readonly leftOut: number;
  readonly tables: readonly TableComparison[];
  readonly differences: number;
  /** Sentences about the first differences. */
  readonly examples: readonly string[];
  /** The rows of these differences, for a table. */
  readonly rows: readonly DifferentRow[];
}

/** A different row. If both sides have it, only its different columns are included. */
interface DifferentRow {
  readonly aggregate: ComparedTable['aggregate'];
  readonly id: number;
  /** The row on each side; `null` on a side that does not have it. */
  readonly region: Columns | null;
  readonly central: Columns | null;
}

type Columns = Readonly<Record<string, string | number | null>>;

const PAGE_ROWS = 2000;
const MAX_EXAMPLES = 100;

/** The maximum number of attempts, which are repeated if events are purged between reading the two sides. */
const MAX_READINGS = 3;

/** Compares consistent snapshots of both sides; central is read first. */
export async function compare(central: Database, region: Database, maxExamples = MAX_EXAMPLES): Promise<Comparison> {
  for (let reading = 1; ; reading++) {
    const comparison = await compareOnce(central, region, maxExamples, reading === MAX_READINGS);
    if (comparison !== undefined) {
      return comparison;
    }
  }
}

/** @returns `undefined` if it is unknown which rows have changed since central was read */
async function compareOnce(
  central: Database,
  region: Database,
  maxExamples: number,
  isLast: boolean,
): Promise<Comparison | undefined> {
  try {
    return await central.readAtOnce(async (there) => {
      const name = regionOf(region.name);
      // the first statement determines the snapshot that the others read
      const watermark = await inboxOf(central).positionIn(there, name);
      try {
        return await region.readAtOnce(async (here) =>
          isLast || (await hasAllSince(region, here, watermark))
            ? compareSnapshots({ name, here, there, watermark, maxExamples })
            : undefined,
        );
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
    rows: found.rows,
  };
}

/** Whether all events after the watermark still exist: central may have processed some since it was read, and they may be purged. */
async function hasAllSince(region: Database, em: EntityManager, watermark: Position | undefined): Promise<boolean> {
  const { epoch, nextSeq } = await new Outbox(region).state(em);
  const from = watermark?.epoch === epoch ? watermark.seq : 0;
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from outbox_event where epoch = ${epoch} and seq > ${from}`.execute(em.getKysely());
  return (rows[0]?.count ?? 0) >= nextSeq - 1 - from;
}

/** The ids of orders and products with events that central had not processed. */
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
  const isCompared = ({ id }: ComparedRow) => !changed.has(id);
  let after = 0;
  for (;;) {
    const page = await table.inRegion(here, after, PAGE_ROWS);
    const upTo = page.length < PAGE_ROWS ? undefined : page.at(-1)?.id;
    const ours = page.filter(isCompared);
    let next = 0;
    const passMissing = (before: number) => {
      for (let row = ours[next]; row !== undefined && row.id < before; row = ours[++next]) {
        region.add(row);
        found.add(
          { aggregate: table.aggregate, id: row.id, region: columnsOf(row), central: null },
          `${table.aggregate} ${row.id} is not in central`,
        );
      }
    };
    for await (const other of centralRows(table, there, name, after, upTo)) {
      if (!isCompared(other)) {
        continue;
      }
      passMissing(other.id);
      central.add(other);
      const row = ours[next];
      if (row?.id === other.id) {
        next++;
        region.add(row);
        found.addIfDifferent(table.aggregate, row, other, name);
      } else {
        found.add(
          { aggregate: table.aggregate, id: other.id, region: null, central: columnsOf(other) },
          `${table.aggregate} ${other.id} is in central only`,
        );
      }
    }
    passMissing(Number.POSITIVE_INFINITY);
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

function columnsOf({ id: _, ...columns }: ComparedRow, only = Object.keys(columns)): Columns {
  return Object.fromEntries(only.map((column) => [column, columns[column] ?? null]));
}

class Differences {
  readonly examples: string[] = [];
  readonly rows: DifferentRow[] = [];
  readonly #most: number;
  count = 0;

  constructor(most: number) {
    this.#most = most;
  }

  add(row: DifferentRow, sentence: string): void {
    this.count++;
    if (this.rows.length < this.#most) {
      this.rows.push(row);
      this.examples.push(sentence);
    }
  }

  addIfDifferent(aggregate: ComparedTable['aggregate'], row: ComparedRow, other: ComparedRow, region: string): void {
    const columns = Object.keys(row).filter((column) => row[column] !== other[column]);
    if (columns.length > 0) {
      const each = columns.map(
        (column) => `${column} is ${shown(row[column])} in ${region}, ${shown(other[column])} in central`,
      );
      this.add(
        { aggregate, id: row.id, region: columnsOf(row, columns), central: columnsOf(other, columns) },
        `${aggregate} ${row.id}: ${each.join('; ')}`,
      );
    }
  }
}

function shown(value: string | number | null | undefined): string {
  return value === null || value === undefined ? 'empty' : String(value);
}
