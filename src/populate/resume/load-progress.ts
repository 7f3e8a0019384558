/** The progress of one load: in memory for the load itself, and in the database for the process that continues it. */
import type { EntityManager } from '../../database/database.ts';
import type { Key } from '../../database/key.ts';
import type { Table } from '../../database/table.ts';
import type { Values } from '../../database/values.ts';
import { IdSet } from '../../loads/id-set.ts';
import { Ledger } from '../../loads/ledger.ts';
import { encodeIds, encodeNumbered, type NumberedOutcome } from '../../loads/outcomes.ts';
import { changeOf } from '../../loads/run-row.ts';
import { RunStore } from '../../loads/run-store.ts';
import type { EntityShape } from '../record/shape.ts';
import type { BatchResult } from '../write/batch-result.ts';

/** What a load knows about the records that it has dealt with. */
export interface Findings {
  readonly ledger: Ledger;
  /** Primary keys of the records that have been accepted. */
  readonly accepted: IdSet;
  /** Property -> the primary keys of another database that accepted records have in it. */
  readonly references: ReadonlyMap<string, IdSet>;
  /** Seconds that it took in earlier processes. */
  readonly seconds: number;
}

/** What a transaction has recorded and not written yet. */
interface Unwritten {
  readonly ledger: Ledger;
  readonly outcomes: NumberedOutcome[];
  readonly ids: unknown[];
  readonly before: Values[];
}

export class LoadProgress {
  /** The id of the run. */
  readonly run: string;
  readonly ledger: Ledger;
  readonly accepted: IdSet;
  readonly references: ReadonlyMap<string, IdSet>;
  /** Whether `accepted` holds only what is committed; a transaction that failed may have added to it. */
  isExact = true;
  #unwritten: Unwritten | undefined;
  readonly #startedAt = performance.now();
  readonly #secondsBefore: number;
  readonly #primaryKey: Key;
  readonly #store: RunStore;

  constructor(
    table: Table,
    { primaryKey }: Pick<EntityShape, 'primaryKey'>,
    run: string,
    { ledger = new Ledger(), accepted = new IdSet(), references, seconds = 0 }: Partial<Findings> = {},
  ) {
    this.#secondsBefore = seconds;
    const properties = Object.keys(table.declaration.references ?? {});
    this.run = run;
    this.ledger = ledger;
    this.accepted = accepted;
    this.references = references ?? new Map(properties.map((name) => [name, new IdSet()]));
    this.#primaryKey = primaryKey;
    this.#store = new RunStore(table);
  }

  /** Records the outcome of a batch, in the transaction that writes it; {@link write} writes the rest. */
  async record(em: EntityManager, result: BatchResult): Promise<void> {
    const { numbers, outcomes, accepted, before, rejects, entries, lines } = result;
    this.#unwritten ??= {
      ledger: Ledger.from(this.ledger.state),
      outcomes: [],
      ids: [],
      before: [],
    };
    const unwritten = this.#unwritten;
    unwritten.ledger.add(outcomes, entries, lines);
    for (const [index, outcome] of outcomes.entries()) {
      unwritten.outcomes.push({ number: numbers[index] as number, outcome });
    }
    for (const entity of accepted) {
      unwritten.ids.push(this.#primaryKey.of(entity));
    }
    unwritten.before.push(...before);
    this.take(accepted);
    await this.#store.addRejects(em, rejects);
  }

  /** Writes the progress that the load has when the transaction is committed. */
  async write(em: EntityManager): Promise<void> {
    if (this.#unwritten === undefined) {
      return;
    }
    const { ledger, outcomes, ids, before } = this.#unwritten;
    const seconds = this.#secondsBefore + (performance.now() - this.#startedAt) / 1000;
    await this.#store.advance(em, this.run, this.ledger.counts.read, { ...changeOf(ledger), seconds });
    await this.#store.addBatch(em, {
      firstNumber: outcomes[0]?.number ?? 0,
      outcomes: encodeNumbered(outcomes),
      ids: encodeIds(ids),
      before: before.length === 0 ? null : JSON.stringify(before),
    });
  }

  /** Whether so many more records would still be reported one by one. */
  isDetailed(more: number): boolean {
    return (this.#unwritten?.ledger ?? this.ledger).isDetailed(more);
  }

  /** Whether the database has more records of the run than are known here. */
  async isBehind(em: EntityManager): Promise<boolean> {
    const row = await this.#store.newest(em);
    return row !== undefined && row.id === this.run && row.read > this.ledger.counts.read;
  }

  /** Counts a batch, once it is committed. */
  advance({ outcomes, entries, lines }: Pick<BatchResult, 'outcomes' | 'entries' | 'lines'>): void {
    this.#unwritten = undefined;
    this.ledger.add(outcomes, entries, lines);
  }

  /** Adds the primary keys and the references of accepted records. */
  take(accepted: readonly Values[]): void {
    for (const entity of accepted) {
      this.accepted.add(this.#primaryKey.of(entity));
    }
    for (const [property, keys] of this.references) {
      for (const entity of accepted) {
        const key = entity[property] ?? undefined;
        if (key !== undefined) {
          keys.add(key);
        }
      }
    }
  }
}
