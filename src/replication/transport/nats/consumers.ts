/** The single durable consumer of a stream, which is central's. */
import { AckPolicy, type ConsumerInfo, DeliverPolicy, type JetStreamManager, ReplayPolicy } from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import { CODES, hasCode } from './errors.ts';
import { CONSUMER } from './names.ts';
import type { NatsSettings } from './settings.ts';
import { type Difference, differencesOf } from './streams.ts';

/** The maximum number of delivered events that central has not acknowledged: those of the current batches, and as many that wait. */
const MAX_ACK_PENDING = 8000;

export function wantedConsumer({ ackWaitSeconds }: Pick<NatsSettings, 'ackWaitSeconds'>) {
  return {
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    replay_policy: ReplayPolicy.Instant,
    ack_wait: nanos(ackWaitSeconds * 1000),
    // central itself dead-letters events that it cannot apply
    max_deliver: -1,
    max_ack_pending: MAX_ACK_PENDING,
  };
}

/** @returns `undefined` if there is no consumer */
export async function findConsumer(manager: JetStreamManager, stream: string): Promise<ConsumerInfo | undefined> {
  try {
    return await manager.consumers.info(stream, CONSUMER);
  } catch (error) {
    if (hasCode(error, CODES.consumerNotFound)) {
      return undefined;
    }
    throw error;
  }
}

/** Creates the consumer, or updates the existing one to the settings. @returns the changed settings */
export async function ensureConsumer(
  manager: JetStreamManager,
  stream: string,
  settings: Pick<NatsSettings, 'ackWaitSeconds'>,
): Promise<Difference[]> {
  const wanted = wantedConsumer(settings);
  const there = await findConsumer(manager, stream);
  if (there === undefined) {
    await manager.consumers.add(stream, { ...wanted, durable_name: CONSUMER });
    return [];
  }
  const changed = differencesOf(wanted, there.config);
  if (changed.length > 0) {
    await manager.consumers.update(stream, CONSUMER, wanted);
  }
  return changed;
}
