/** Central behind a server in between: it tells regions how far it is, and takes what they ship. */
import { applyBatch } from '../central/apply.ts';
import { positionOf } from '../central/cursor.ts';
import type { Database } from '../databases/database.ts';
import type { Batch, RemoteTransport } from '../transport/transport.ts';

/** @param taken told of each batch that is committed */
export async function serveCentral(
  remote: RemoteTransport,
  central: Database,
  taken: (batch: Batch) => void = () => undefined,
): Promise<void> {
  remote.answer((region) => positionOf(central, region));
  await remote.consume(async (batch) => {
    await applyBatch(central, batch);
    taken(batch);
  });
}
