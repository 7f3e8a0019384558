/** The inbox of a central database: what programs do with it. */
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
 * Takes each event of the regions once, in whatever order and however often they come, and passes it to a projection, which writes what it
 * makes of it.
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

  /** @param central declared with `withInbox`; open, at its newest schema */
  constructor(central: Database, projection: Projection<Content>) {
    this.central = central;
    this.projection = projection;
  }

  /**
   * Applies a batch in one transaction. What cannot be read or stored is tried a few times, when its batch comes again, and then dead-lettered.
   *
   * @param onDeadLettered called once that is committed
   * @returns the events that could not be applied
   * @throws MeridianError when central does not work; then the batch has to come again
   */
  receive(batch: Batch, onDeadLettered?: OnDeadLettered): Promise<readonly Failure[]> {
    return receiveBatch(this, batch, onDeadLettered);
  }

  /** How far central is with a region; nothing for a region that it does not know. @throws MeridianError when central cannot be read */
  position(region: string): Promise<Position | undefined> {
    return positionOf(this.central, region);
  }

  /** The same as the transaction of `em` sees it, without the number of dead letters. */
  positionIn(em: EntityManager, region: string): Promise<Position | undefined> {
    return positionIn(em, region);
  }

  /** Whether a region can have reached an epoch, going by what central knows of it. */
  async isExpected(region: string, epoch: number): Promise<boolean> {
    return isReachableEpoch((await this.position(region))?.epoch, epoch);
  }

  /** All regions that central knows, by name. */
  regions(): Promise<string[]> {
    return knownToCentral(this.central);
  }

  /** Events that could not be applied, those included that are still tried; the oldest first. */
  deadLetters(region?: string, limit?: number): Promise<DeadLetter[]> {
    return listDeadLetters(this.central, region, limit);
  }

  /** The oldest events of a region that are not tried any more, a sentence each. */
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

  /** @throws MeridianError `usage` when there is none with that id */
  deadLetter(id: number): Promise<DeadLetter> {
    return findDeadLetter(this.central, id);
  }

  /** Tries a dead letter once more. @throws MeridianError `usage` when there is none with that id; when central does not work */
  retry(id: number): Promise<RetryResult> {
    return retryDeadLetter(this, id);
  }

  /**
   * What {@link retry} would do; nothing is changed.
   *
   * @param observe reads what is of interest, before and after the event is applied
   * @throws MeridianError as {@link retry}
   */
  previewRetry<T>(id: number, observe: Observe<T>): Promise<RetryPreview<T>> {
    return previewRetry(this, id, observe);
  }

  /** Deletes a dead letter for good. @throws MeridianError `usage` when there is none with that id */
  discard(id: number): Promise<DeadLetter> {
    return discardDeadLetter(this.central, id);
  }

  /**
   * Records how far the document store is with each region, for relays to compare themselves with.
   *
   * @returns the regions whose documents must not be put, because the store has documents that central does not know
   */
  noteStoreWatermarks(
    watermarks: ReadonlyMap<string, DocumentWatermark>,
  ): Promise<ReadonlyMap<string, DocumentWatermark>> {
    return noteStoreWatermarks(this.central, watermarks);
  }

  /** Records that the document store has the document of something else under the key of one that central knows. */
  noteForeignDocument(region: string): Promise<void> {
    return noteForeignDocument(this.central, region);
  }
}
