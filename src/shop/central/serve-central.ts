/** Serves central behind a message server: answers regions that ask for its position, and applies what they ship. */
import type { Database } from '../../databases.ts';
import {
  type Batch,
  type Failure,
  isReachableEpoch,
  positionOf,
  type RemoteTransport,
} from '../../replication/index.ts';
import { applyBatch } from './apply.ts';

export interface ServeListener {
  /** A batch is committed. */
  taken?(batch: Batch): void;
  /** Events of it were dead-lettered. */
  deadLettered?(batch: Batch, failures: readonly Failure[]): void;
}

export async function serveCentral(
  remote: RemoteTransport,
  central: Database,
  listener: ServeListener = {},
): Promise<void> {
  await remote.answer((region) => positionOf(central, region));
  await remote.consume(
    async (batch) => {
      await applyBatch(central, batch, (of, failures) => listener.deadLettered?.(of, failures));
      listener.taken?.(batch);
    },
    async (region, epoch) => isReachableEpoch((await positionOf(central, region))?.epoch, epoch),
  );
}
