/** The progress of one load: in memory for the load itself, and in the database for a process that continues it. */

import type { EntityManager } from '../../database/database.ts';
import type { Table } from '../../database/table.ts';
import type { Values } from '../../database/values.ts';
import { IdSet } from '../../loads/id-set.ts';
import { Ledger, type Outcome } from '../../loads/ledger.ts';
import { IdsEncoder, NumberedEncoder } from '../../loads/outcomes.ts';
import { changeOf } from '../../loads/run-row.ts';
import { RunStore } from '../../loads/run-store.ts';
import { monotonic } from '../../shared/environment.ts';
import { type EntityShape, toJson } from '../record/shape.ts';
import type { BatchResult } from '../write/batch-result.ts';

/** What a load knows about its processed records. */
export interface Findings {
  readonly ledger: Ledger;
  /** Primary keys of the accepted records. */
  readonly accepted: IdSet;
  /** Property -> the keys of another database that accepted records have in it; for relations, only deferred keys. */
  readonly references: ReadonlyMap<string, IdSet>;
  /** Seconds that the load took in earlier processes. */
  readonly seconds: number;
  /** The number of records of each completely processed file, in order. */
  readonly readFiles: readonly number[];
}

/** Progress of the current transaction that is not written yet. */
interface Unwritten {
  /** Includes the outcomes of the transaction. */
  readonly ledger: Ledger;
  readonly outcomes: NumberedEncoder;
  readonly ids: IdsEncoder;
  readonly before: Values[];
  readonly deferred: Values[];
}

export class LoadProgress {
  /** The id of the run. */
  readonly run: string;
  readonly accepted: IdSet;
  readonly references: ReadonlyMap<string, IdSet>;
  /** The committed outcomes. */
  #ledger: Ledger;
  /** Whether `accepted` contains only committed records; a failed transaction may have added to it. */
  isExact = true;
  /** The files that the database records as completely processed. */
  #storedFiles: readonly number[];
  #writtenFiles: readonly number[];
  #unwritten: Unwritten | undefined;
  readonly #startedAt = monotonic();
  readonly #secondsBefore: number;
  readonly #shape: EntityShape;
  /** Properties that refer to other databases. */
  readonly #referring: readonly string[];
  readonly #store: RunStore;

  constructor(
    table: Table,
    shape: EntityShape,
    run: string,
    { ledger = new Ledger(), accepted = new IdSet(), references, seconds = 0, readFiles = [] }: Partial<Findings> = {},
  ) {
    this.#secondsBefore = seconds;
    this.#storedFiles = readFiles;
    this.#writtenFiles = readFiles;
    this.#referring = Object.keys(table.declaration.references ?? {});
    const names = [...this.#referring, ...shape.relations.map(({ name }) => name)];
    this.run = run;
    this.#ledger = ledger;
    this.accepted = accepted;
    this.references = references ?? new Map(names.map((name) => [name, new IdSet()]));
    this.#shape = shape;
    this.#store = new RunStore(table);
  }

  /** The outcomes of committed records. */
  get ledger(): Ledger {
    return this.#ledger;
  }

  /** Records the outcomes of a batch, in the transaction that writes it; {@link write} writes the rest. */
  async record(em: EntityManager, result: BatchResult): Promise<void> {
    const { numbers, outcomes, accepted, before, deferred, rejects, entries, lines } = result;
    this.#unwritten ??= {
      ledger: Ledger.from(this.ledger.state),
      outcomes: new NumberedEncoder(),
      ids: new IdsEncoder(),
      before: [],
      deferred: [],
    };
    const unwritten = this.#unwritten;
    unwritten.ledger.add(outcomes, entries, lines);
    for (let index = 0; index < outcomes.length; index++) {
      unwritten.outcomes.add(outcomes[index] as Outcome, numbers[index] as number);
    }
    for (const entity of accepted) {
      unwritten.ids.add(this.#shape.primaryKey.of(entity));
    }
    unwritten.before.push(...before);
    unwritten.deferred.push(...deferred);
    this.defer(deferred);
    this.take(accepted);
    await this.#store.addRejects(em, this.run, rejects);
  }

  /** The number of records of each completely processed file, in order. */
  get readFiles(): readonly number[] {
    return this.#storedFiles;
  }

  /**
   * Writes the progress that the load will have when the transaction is committed.
   *
   * @param files the number of records of each completely read file; not all of these records may be processed
   */
  async write(em: EntityManager, files: readonly number[] = []): Promise<void> {
    if (this.#unwritten === undefined) {
      return;
    }
    const { ledger, outcomes, ids, before, deferred } = this.#unwritten;
    const seconds = this.#secondsBefore + (monotonic() - this.#startedAt) / 1000;
    await this.#store.advance(em, this.run, this.ledger.counts.read, { ...changeOf(ledger), seconds });
    await this.#store.addBatch(em, {
      firstNumber: outcomes.firstNumber,
      outcomes: outcomes.text,
      ids: ids.text,
      before: before.length === 0 ? null : JSON.stringify(before),
      deferred: deferred.length === 0 ? null : JSON.stringify(deferred.map((row) => toJson(this.#shape, row))),
    });
    await this.writeFiles(em, files, ledger.counts.read);
  }

  /** Records the files that are completely processed after `read` records. */
  async writeFiles(em: EntityManager, files: readonly number[], read = this.ledger.counts.read): Promise<void> {
    let records = 0;
    const whole = files.filter((count) => {
      records += count;
      return records <= read;
    });
    await this.#store.markFiles(em, this.run, this.#storedFiles.length, whole.slice(this.#storedFiles.length));
    this.#writtenFiles = whole;
  }

  /** Whether the load would still be reported record by record with so many more. */
  isDetailed(more: number): boolean {
    return (this.#unwritten?.ledger ?? this.ledger).isDetailed(more);
  }

  /** Whether the database contains more records of the run than this progress. */
  async isBehind(em: EntityManager): Promise<boolean> {
    const row = await this.#store.newest(em);
    return row !== undefined && row.id === this.run && row.read > this.ledger.counts.read;
  }

  /** Adds the recorded outcomes after the transaction was committed. */
  advance(): void {
    this.#ledger = this.#unwritten?.ledger ?? this.#ledger;
    this.#unwritten = undefined;
    this.#storedFiles = this.#writtenFiles;
  }

  /** Replaces the outcomes after the reference check has rejected records. */
  recount(ledger: Ledger): void {
    this.#ledger = ledger;
  }

  /** Adds the keys of targets that do not exist yet. */
  defer(records: readonly Values[]): void {
    for (const { name, key } of records.length === 0 ? [] : this.#shape.relations) {
      for (const record of records) {
        const id = key.of(record);
        if (id !== undefined) {
          this.references.get(name)?.add(id);
        }
      }
    }
  }

  /** Adds the primary keys and references of accepted records. */
  take(accepted: readonly Values[]): void {
    for (const entity of accepted) {
      this.accepted.add(this.#shape.primaryKey.of(entity));
    }
    for (const property of this.#referring) {
      for (const entity of accepted) {
        const key = entity[property] ?? undefined;
        if (key !== undefined) {
          this.references.get(property)?.add(key);
        }
      }
    }
  }
}
