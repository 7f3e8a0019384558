/** Serves central behind a message server: reports its position to regions, and applies the batches that they ship. */
import type { Batch, RemoteTransport } from '../transport/transport.ts';
import type { Failure } from './dead-letters.ts';
import type { Inbox } from './inbox.ts';

export interface ServeListener {
  /** Called when a batch is committed. */
  taken?(batch: Batch): void;
  /** Called when events of a batch were dead-lettered. */
  deadLettered?(batch: Batch, failures: readonly Failure[]): void;
}

/** @param listener notified of the result of each batch */
export async function serveCentral<Content>(
  remote: RemoteTransport,
  inbox: Inbox<Content>,
  listener: ServeListener = {},
): Promise<void> {
  await remote.answer((region) => inbox.position(region));
  await remote.consume(
    async (batch) => {
      await inbox.receive(batch, (of, failures) => listener.deadLettered?.(of, failures));
      listener.taken?.(batch);
    },
    (region, epoch) => inbox.isExpected(region, epoch),
  );
}
