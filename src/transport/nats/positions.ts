/** How central tells regions how far it is: a question and an answer, past JetStream. */
import { headers, type Msg, RequestError, type Subscription } from '@nats-io/transport-node';
import { messageOf } from '../../errors.ts';
import { CentralAwayError, type Position } from '../transport.ts';
import type { Connection } from './connection.ts';
import { explained, refusalOf } from './errors.ts';
import { ALL_POSITIONS, CENTRAL, positionSubject, regionOfPosition } from './names.ts';

/** How long central is waited for: it may be in the midst of a batch. */
const ANSWER_MILLISECONDS = 5000;

/** Of an answer that is none. */
const FAILURE = 'Meridian-Error';

/** Of several that answer, one is asked. */
const QUEUE = 'central';

/** @throws CentralAwayError */
export async function askPosition(connection: Connection, region: string): Promise<Position | undefined> {
  connection.refuseDisconnected();
  // so that central finds the streams of a leaf node
  const domain = connection.ownDomain ?? '';
  try {
    const answer = await connection.nats.request(positionSubject(region), domain, { timeout: ANSWER_MILLISECONDS });
    const failure = answer.headers?.get(FAILURE);
    if (failure) {
      throw new CentralAwayError(`Central cannot say how far it is: ${failure}`);
    }
    return answer.json<Position | null>() ?? undefined;
  } catch (error) {
    if (error instanceof CentralAwayError) {
      throw error;
    }
    throw new CentralAwayError(
      'Central does not answer. What is told is kept for it; start it with npx meridian central run.',
      { cause: error },
    );
  }
}

/** Whether a central is at work somewhere. @throws MeridianError `transport` when it may not be asked */
export async function isCentralThere(connection: Connection): Promise<boolean> {
  connection.refuseDisconnected();
  try {
    await connection.nats.request(CENTRAL, '', { timeout: ANSWER_MILLISECONDS });
    return true;
  } catch (error) {
    if (refusalOf(error) !== undefined) {
      throw explained('ask whether a central is at work', error);
    }
    // one that does not answer in time is busy, and there
    return !(error instanceof RequestError && error.isNoResponders());
  }
}

/**
 * @param position how far central is with a region
 * @param onDomain told the domains of leaf nodes that regions ask from
 */
export function answerPositions(
  { nats }: Connection,
  position: (region: string) => Promise<Position | undefined>,
  onDomain: (domain: string) => void,
): Subscription[] {
  const answering = nats.subscribe(ALL_POSITIONS, {
    queue: QUEUE,
    callback(error, message) {
      if (error === null) {
        void answer(message);
      }
    },
  });
  const there = nats.subscribe(CENTRAL, {
    callback(error, message) {
      if (error === null) {
        message.respond('');
      }
    },
  });
  return [answering, there];

  async function answer(message: Msg): Promise<void> {
    const domain = message.string();
    if (/^[\w-]{1,100}$/.test(domain)) {
      onDomain(domain);
    }
    try {
      message.respond(JSON.stringify((await position(regionOfPosition(message.subject))) ?? null));
    } catch (cause) {
      const failed = headers();
      failed.append(FAILURE, messageOf(cause).replace(/[\r\n]+/g, ' '));
      message.respond('', { headers: failed });
    }
  }
}
