/** Central behind a server in between: it tells regions how far it is, and takes what they ship. */
import { applyBatch } from '../central/apply.ts';
import { positionOf } from '../central/cursor.ts';
import type { Failure } from '../central/dead-letters.ts';
import type { Database } from '../databases/database.ts';
import { isReachableEpoch } from '../transport/envelope.ts';
import type { Batch, RemoteTransport } from '../transport/transport.ts';

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
