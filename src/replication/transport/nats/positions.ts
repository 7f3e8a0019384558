/** Queries the position of central, by a request outside JetStream. */
import { RequestError } from '@nats-io/transport-node';
import { messageOf } from '../../../shared/errors.ts';
import { MAX_EPOCH } from '../../events/epoch.ts';
import { CentralAwayError, type Position } from '../transport.ts';
import type { Connection } from './connection.ts';
import { explained, reasonOfRefusal, refusalOf } from './errors.ts';
import { CENTRAL, positionSubject } from './names.ts';

/** The time limit for a response of central, which may be processing a batch. */
const ANSWER_MILLISECONDS = 5000;

/** The header of an error response. */
export const FAILURE = 'Meridian-Error';

/** @throws CentralAwayError */
export async function askPosition(connection: Connection, region: string): Promise<Position | undefined> {
  // the domain lets central find the streams of a leaf node
  const answer = await askCentral(
    connection,
    'report its position',
    positionSubject(region),
    connection.ownDomain ?? '',
  );
  if (answer === null) {
    return undefined;
  }
  if (!isPosition(answer)) {
    throw new CentralAwayError(
      'Central has sent an invalid position. Check that relays and central have the same version.',
    );
  }
  return answer;
}

/**
 * @param what the request, for messages
 * @returns the parsed JSON response
 * @throws CentralAwayError when central does not respond, or responds with an error
 */
export async function askCentral(
  connection: Connection,
  what: string,
  subject: string,
  question: string,
): Promise<unknown> {
  connection.refuseDisconnected();
  try {
    const answer = await connection.nats.request(subject, question, { timeout: ANSWER_MILLISECONDS });
    const failure = answer.headers?.get(FAILURE);
    if (failure) {
      throw new CentralAwayError(`Central cannot ${what}: ${failure.slice(0, MAX_SENTENCE)}`);
    }
    return answer.json<unknown>();
  } catch (error) {
    if (error instanceof CentralAwayError) {
      throw error;
    }
    const refusal = refusalOf(error);
    const sentence =
      refusal === undefined
        ? 'Central does not answer. What is published is kept for it; start it with npx meridian central run.'
        : `Central cannot be asked: ${reasonOfRefusal(refusal)}.`;
    throw new CentralAwayError(sentence, { cause: error });
  }
}

/** Validates a position, since it determines epochs and sequence numbers of a region. */
function isPosition(value: unknown): value is Position {
  const {
    epoch,
    seq,
    headSeq,
    eventId,
    conflictSeq = 0,
    lacksBase = false,
    documents,
  } = (value ?? {}) as Partial<Position>;
  return (
    isReached(epoch, seq, eventId) &&
    isCount(headSeq) &&
    isCount(conflictSeq) &&
    typeof lacksBase === 'boolean' &&
    (documents === undefined ||
      (isReached(documents?.epoch, documents?.seq, documents?.eventId) && typeof documents.isForeign === 'boolean'))
  );
}

function isReached(epoch: unknown, seq: unknown, eventId: unknown): boolean {
  return isCount(epoch) && epoch <= MAX_EPOCH && isCount(seq) && (eventId === null || typeof eventId === 'string');
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Whether a central is running somewhere. @throws MeridianError `transport` when the user lacks the permission to ask */
export async function isCentralThere(connection: Connection): Promise<boolean> {
  connection.refuseDisconnected();
  try {
    await connection.nats.request(CENTRAL, '', { timeout: ANSWER_MILLISECONDS });
    return true;
  } catch (error) {
    if (refusalOf(error) !== undefined) {
      throw explained('ask whether a central is running', error);
    }
    // a central that does not respond in time is busy, but running
    return !(error instanceof RequestError && error.isNoResponders());
  }
}

const MAX_SENTENCE = 1000;

/** The message on one line, as in a header. */
export function sentenceOf(error: unknown): string {
  return messageOf(error)
    .slice(0, MAX_SENTENCE)
    .replace(/[\r\n]+/g, ' ');
}
