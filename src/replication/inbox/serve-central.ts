/** Serves central behind a message server: answers regions that ask for its position, and applies what they ship. */
import type { Batch, RemoteTransport } from '../transport/transport.ts';
import type { Failure } from './dead-letters.ts';
import type { Inbox } from './inbox.ts';

export interface ServeListener {
  /** A batch is committed. */
  taken?(batch: Batch): void;
  /** Events of it were dead-lettered. */
  deadLettered?(batch: Batch, failures: readonly Failure[]): void;
}

/** @param listener is notified of what has become of each batch */
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
