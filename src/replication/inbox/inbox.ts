/** The API of the inbox of a central database. */
import type { Database, EntityManager } from '../../database/database.ts';
import { isReachableEpoch } from '../events/epoch.ts';
import type { Batch, DocumentWatermark, Position } from '../transport/transport.ts';
import { knownToCentral, positionIn, positionOf } from './cursor.ts';
import type { DeadLetter } from './dead-letter.entity.ts';
import {
  deadLetterIds,
  describeDeadLetter,
  discardDeadLetter,
  type Failure,
  findDeadLetter,
  forgetEarlierEpochs,
  listDeadLetters,
  oldestDeadLetters,
} from './dead-letters.ts';
import { type Observe, previewRetry, type RetryPreview } from './preview-retry.ts';
import type { ProjectedDatabase, Projection } from './projection.ts';
import { type OnDeadLettered, receiveBatch } from './receive.ts';
import { type RetryResult, retryDeadLetter } from './retry.ts';
import { noteForeignDocument, noteStoreWatermarks } from './store-watermarks.ts';

/**
 * Applies each event of the regions exactly once, regardless of the order and number of deliveries, by passing it to a projection, which
 * writes the result.
 *
 * ```ts
 * import { openMigrated, type DatabaseDeclaration } from 'meridian/databases';
 * import { Inbox, inProcessTransport, type Projection } from 'meridian/outbox';
 *
 * export async function receive(declaration: DatabaseDeclaration, projection: Projection<unknown>) {
 *   const inbox = new Inbox(await openMigrated(declaration), projection);
 *   const transport = inProcessTransport((region) => inbox.position(region));
 *   await transport.consume((batch) => inbox.receive(batch));
 *   return transport;
 * }
 * ```
 */
export class Inbox<Content> implements ProjectedDatabase<Content> {
  readonly central: Database;
  readonly projection: Projection<Content>;

  /** Deletes the dead letters of earlier epochs of a region, which has sent everything again; for {@link Projection.write}. */
  static forgetEarlierEpochs(em: EntityManager, region: string, epoch: number): Promise<void> {
    return forgetEarlierEpochs(em, region, epoch);
  }

  /** @param central an open database, declared with `withInbox`, without pending migrations */
  constructor(central: Database, projection: Projection<Content>) {
    this.central = central;
    this.projection = projection;
  }

  /**
   * Applies a batch in one transaction. An event that cannot be read or stored is retried a few times, when its batch is delivered again,
   * and then dead-lettered.
   *
   * @param onDeadLettered called for newly dead-lettered events, after the commit
   * @returns the events that could not be applied
   * @throws MeridianError when central does not work; then the batch must be delivered again
   */
  receive(batch: Batch, onDeadLettered?: OnDeadLettered): Promise<readonly Failure[]> {
    return receiveBatch(this, batch, onDeadLettered);
  }

  /** The position of central with a region; `undefined` for an unknown region. @throws MeridianError when central cannot be read */
  position(region: string): Promise<Position | undefined> {
    return positionOf(this.central, region);
  }

  /** The position, read in the transaction of `em`, without the number of dead letters. */
  positionIn(em: EntityManager, region: string): Promise<Position | undefined> {
    return positionIn(em, region);
  }

  /** Whether a region can have reached an epoch, judging by the last epoch that central knows. */
  async isExpected(region: string, epoch: number): Promise<boolean> {
    return isReachableEpoch((await this.position(region))?.epoch, epoch);
  }

  /** All regions that central knows, by name. */
  regions(): Promise<string[]> {
    return knownToCentral(this.central);
  }

  /** Events that could not be applied, including those that are still retried; the oldest first. */
  deadLetters(region?: string, limit?: number): Promise<DeadLetter[]> {
    return listDeadLetters(this.central, region, limit);
  }

  /** Descriptions of the oldest events of a region that are not retried any more. */
  async deadLetterExamples(region: string, limit: number): Promise<string[]> {
    try {
      return (await oldestDeadLetters(this.central, region, limit)).map(describeDeadLetter);
    } catch (error) {
      throw this.central.fault(error);
    }
  }

  /** The ids of all dead letters, the oldest first. */
  deadLetterIds(): Promise<number[]> {
    return deadLetterIds(this.central);
  }

  /** @throws MeridianError `usage` when there is no dead letter with that id */
  deadLetter(id: number): Promise<DeadLetter> {
    return findDeadLetter(this.central, id);
  }

  /** Retries a dead letter. @throws MeridianError `usage` when there is no dead letter with that id, or when central does not work */
  retry(id: number): Promise<RetryResult> {
    return retryDeadLetter(this, id);
  }

  /**
   * Previews {@link retry} without changing anything.
   *
   * @param observe reads data to compare, before and after the event is applied
   * @throws MeridianError like {@link retry}
   */
  previewRetry<T>(id: number, observe: Observe<T>): Promise<RetryPreview<T>> {
    return previewRetry(this, id, observe);
  }

  /** Deletes a dead letter permanently. @throws MeridianError `usage` when there is no dead letter with that id */
  discard(id: number): Promise<DeadLetter> {
    return discardDeadLetter(this.central, id);
  }

  /**
   * Records the watermark of the document store for each region, which relays compare with their own position.
   *
   * @returns the regions whose documents must not be written, because the store has documents that central does not know
   */
  noteStoreWatermarks(
    watermarks: ReadonlyMap<string, DocumentWatermark>,
  ): Promise<ReadonlyMap<string, DocumentWatermark>> {
    return noteStoreWatermarks(this.central, watermarks);
  }

  /** Records that the document store has a foreign document under a key that central knows. */
  noteForeignDocument(region: string): Promise<void> {
    return noteForeignDocument(this.central, region);
  }
}
