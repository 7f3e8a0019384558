/**
 * The audit log: who wrote what, when, and with which outcome. A record is committed before the work begins and completed before the
 * response is sent, so no write is without a record. A process that dies, or a record that cannot be completed, leaves a record without an
 * outcome. Waiting records are committed together.
 */

import type { Database } from '../../database/database.ts';
import { withRetry } from '../../database/retry.ts';
import { gather } from '../../shared/async/gather.ts';
import { timestamp } from '../../shared/environment.ts';
import { type AuditRow, auditTable } from '../state/tables.ts';

export type AuditStart = Pick<AuditRow, 'id' | 'actorId' | 'actorName' | 'role' | 'operation' | 'method' | 'path'>;

export type AuditEnd = Pick<AuditRow, 'id' | 'subject' | 'status' | 'code'>;

const ENDED = ['subject', 'status', 'code', 'finishedAt'] as const;

/** A commit waits for no more records than this, about as many as share a commit under high load. */
const ENOUGH = 64;

export class AuditLog {
  readonly #database: Database;
  #started: AuditRow[] = [];
  #ended: (AuditEnd & Pick<AuditRow, 'finishedAt'>)[] = [];
  /** The commit that the next records are part of; it begins when the previous one has ended. */
  #next: Promise<void> | undefined;
  #current: Promise<void> = Promise.resolve();

  constructor(database: Database) {
    this.#database = database;
  }

  /** Settles when the record is committed. */
  start(given: AuditStart): Promise<void> {
    const none = { subject: null, status: null, code: null, finishedAt: null };
    this.#started.push({ ...given, at: timestamp(), ...none });
    return this.#commit();
  }

  end(given: AuditEnd): Promise<void> {
    this.#ended.push({ ...given, finishedAt: timestamp() });
    return this.#commit();
  }

  #commit(): Promise<void> {
    this.#next ??= this.#afterCurrent();
    return this.#next;
  }

  async #afterCurrent(): Promise<void> {
    await this.#current.catch(() => undefined);
    await gather(() => this.#started.length + this.#ended.length, ENOUGH);
    const [started, ended] = [this.#started, this.#ended];
    this.#started = [];
    this.#ended = [];
    this.#next = undefined;
    this.#current = this.#write(started, ended);
    return this.#current;
  }

  async #write(started: readonly AuditRow[], ended: readonly (AuditEnd & object)[]): Promise<void> {
    const table = this.#database.bulk(auditTable);
    try {
      await withRetry(this.#database, () =>
        this.#database.transaction(async (em) => {
          await table.insertFree(em, started as never);
          await table.update(em, ended as never, ENDED);
        }),
      );
    } catch (error) {
      throw this.#database.explain(error);
    }
  }
}
