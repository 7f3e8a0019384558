/** Ships the contents of an outbox, and ends. */
import { MeridianError } from '../../shared/errors.ts';
import { OtherRelay } from './other-relay.ts';
import { Relay } from './relay.ts';
import { headSeqOf, isAnyOnItsWay, type RelayCursor } from './relay-cursor.ts';
import { LeaseLostError } from './relay-row.ts';
import { RELAY_SETTINGS, type RelayOptions } from './settings.ts';
import { StallDetector } from './stall.ts';

export interface DrainOptions {
  /** Whether to wait until central has received the events that the transport stores. */
  readonly untilArrived?: boolean;
}

export interface Drained {
  /** Whether the relay is paused, so that events may remain. */
  readonly paused: boolean;
}

/** How often a drain checks whether central has received the events in transit. */
const ARRIVAL_MILLISECONDS = 25;

/**
 * Ships until nothing is left, or the signal is aborted. Where another relay is running, it waits until central has all events that were
 * written before.
 *
 * @throws the error of too many consecutive failures; MeridianError `locked` when another relay makes no progress, `transport` when central
 *   receives nothing
 */
export async function drain(options: RelayOptions, { untilArrived = false }: DrainOptions = {}): Promise<Drained> {
  const { database, transport, signal } = options;
  const settings = { ...RELAY_SETTINGS, ...options.settings };
  const { drainStallSeconds, drainAttempts, pollMilliseconds } = settings;
  const relay = new Relay(options);
  const stall = new StallDetector(drainStallSeconds);
  let other: OtherRelay | undefined;
  let paused = false;
  await relay.whileAwake(async () => {
    while (!signal.aborted) {
      const round = await relay.round();
      if (round instanceof LeaseLostError) {
        other ??= new OtherRelay(options, settings);
        const seen = await other.look();
        if (seen !== 'waiting') {
          paused = seen === 'paused';
          return;
        }
        // the lease of a relay that has died expires
        await relay.sleep(pollMilliseconds);
        continue;
      }
      other = undefined;
      const { cursor } = relay;
      if (round instanceof Error) {
        const milliseconds = await relay.recordFailure(round);
        if (relay.failures >= drainAttempts) {
          throw round;
        }
        await relay.sleep(milliseconds);
      } else if (round === 'idle' && untilArrived && cursor !== undefined && isAnyOnItsWay(cursor, transport)) {
        if (stall.isStalled(cursor.ackedSeq)) {
          throw stalled(database.name, cursor, drainStallSeconds);
        }
        relay.reconcileSoon();
        await relay.sleep(ARRIVAL_MILLISECONDS);
      } else if (round !== 'worked') {
        paused = round === 'paused';
        return;
      }
    }
  });
  return { paused };
}

function stalled(database: string, cursor: RelayCursor, seconds: number): MeridianError {
  return new MeridianError(
    'transport',
    `${database}: central has applied ${cursor.ackedSeq} of ${headSeqOf(cursor)} events, and no more for ${seconds} seconds. ` +
      'Nothing is lost: the rest is on its way. Check that npx meridian central run is running, and what it reports.',
  );
}
