/** How far one load is: in memory for the load itself, and in the database for whoever has to continue it. */
import type { Database, EntityManager } from '../../databases/database.ts';
import type { BatchResult } from '../batch-result.ts';
import { IdSet } from '../id-set.ts';
import { Ledger } from '../ledger.ts';
import type { EntityShape } from '../record/shape.ts';
import type { Values } from '../record/validate.ts';
import { encodeIds, encodeOutcomes } from './outcomes.ts';
import { changeOf } from './run-row.ts';
import { RunStore } from './run-store.ts';

/** What a load finds out on its way. */
export interface Findings {
  readonly ledger: Ledger;
  /** Primary keys of the records that have been accepted. */
  readonly accepted: IdSet;
  /** Property -> all that accepted records hold in it of another database's primary keys. */
  readonly references: ReadonlyMap<string, IdSet>;
}

export class LoadProgress implements Findings {
  /** The id of the run. */
  readonly run: string;
  readonly ledger: Ledger;
  readonly accepted: IdSet;
  readonly references: ReadonlyMap<string, IdSet>;
  readonly #primaryKey: string;
  readonly #store: RunStore;

  constructor(
    database: Database,
    { primaryKey }: Pick<EntityShape, 'primaryKey'>,
    run: string,
    { ledger = new Ledger(), accepted = new IdSet(), references }: Partial<Findings> = {},
  ) {
    const properties = Object.keys(database.declaration.references ?? {});
    this.run = run;
    this.ledger = ledger;
    this.accepted = accepted;
    this.references = references ?? new Map(properties.map((name) => [name, new IdSet()]));
    this.#primaryKey = primaryKey;
    this.#store = new RunStore(database);
  }

  /** Writes down what became of a batch, in the transaction in which it goes in. */
  async record(em: EntityManager, { firstNumber, outcomes, accepted, before, rejects, entries }: BatchResult) {
    const then = Ledger.from(this.ledger.state);
    then.add(outcomes, entries);
    await this.#store.advance(em, this.run, this.ledger.counts.read, changeOf(then));
    await this.#store.addBatch(em, {
      firstNumber,
      outcomes: encodeOutcomes(outcomes),
      ids: encodeIds(accepted.map((entity) => entity[this.#primaryKey])),
      before: before.length === 0 ? null : JSON.stringify(before),
    });
    await this.#store.addRejects(
      em,
      rejects.map(({ number, line, record, errors }) => ({
        number,
        line,
        record: JSON.stringify(record ?? null),
        errors: JSON.stringify(errors),
      })),
    );
  }

  /** Whether the database has dealt with more records than are known here. */
  async isBehind(em: EntityManager): Promise<boolean> {
    const row = await this.#store.newest(em);
    return row !== undefined && row.id === this.run && row.read > this.ledger.counts.read;
  }

  /** Takes the batch into account, once it is committed. */
  advance({ outcomes, accepted, entries }: Pick<BatchResult, 'outcomes' | 'accepted' | 'entries'>): void {
    this.ledger.add(outcomes, entries);
    this.take(accepted);
  }

  /** Remembers the primary keys of accepted records, and what they refer to. */
  take(accepted: readonly Values[]): void {
    for (const entity of accepted) {
      this.accepted.add(entity[this.#primaryKey]);
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
