/** How central answers requests of regions: in bounded memory, and so that no region waits for the requests of another. */
import {
  headers,
  type Msg,
  type NatsConnection,
  type PublishOptions,
  type Subscription,
} from '@nats-io/transport-node';
import { MeridianError } from '../../../shared/errors.ts';
import { isRegionName } from '../../region-name.ts';
import { FAILURE, sentenceOf } from './positions.ts';

/** Of several centrals that answer, one is asked. */
const QUEUE = 'central';

/** Where clients of NATS take answers. */
const INBOX = '_INBOX.';

/** Regions whose requests wait at a time, and requests of each. A relay that gets no answer asks again. */
const MAX_REGIONS = 1000;
const MAX_WAITING = 20;

/** More bytes than any request has. */
const MAX_REQUEST_BYTES = 1000;

/** @returns what is answered, as JSON; what it throws is answered as the reason why there is no answer */
export type Answer = (region: string, request: string) => Promise<unknown>;

interface Request {
  readonly text: string;
  readonly reply: string;
}

/**
 * Answers the requests on a subject that ends with the name of a region: those of a region one after the other, and equal ones
 * that wait together.
 *
 * @param subject such as `meridian.position.*`
 */
export function answerRegions(nats: NatsConnection, subject: string, answer: Answer): Subscription {
  const prefix = subject.slice(0, -1);
  /** By region. */
  const waiting = new Map<string, Request[]>();
  return nats.subscribe(subject, {
    queue: QUEUE,
    callback(error, message) {
      if (error === null) {
        take(message);
      }
    },
  });

  function take(message: Msg): void {
    const { reply, data } = message;
    const region = message.subject.slice(prefix.length);
    // anywhere else, the answer would be a request that central makes for a user who may not make it
    if (!reply?.startsWith(INBOX)) {
      return;
    }
    if (!isRegionName(region) || data.length > MAX_REQUEST_BYTES) {
      refuse(nats, reply, new MeridianError('transport', 'That is no request of a region.'));
      return;
    }
    const requests = waiting.get(region);
    if (requests !== undefined) {
      if (requests.length < MAX_WAITING) {
        requests.push({ text: message.string(), reply });
      }
    } else if (waiting.size < MAX_REGIONS) {
      const own = [{ text: message.string(), reply }];
      waiting.set(region, own);
      void answerAll(region, own);
    }
  }

  async function answerAll(region: string, requests: Request[]): Promise<void> {
    for (let first = requests[0]; first !== undefined; first = requests[0]) {
      const { text } = first;
      const { equal = [], others = [] } = Object.groupBy(requests, (one) => (one.text === text ? 'equal' : 'others'));
      // those that come from now on are answered with what is so then
      requests.splice(0, requests.length, ...others);
      try {
        const answered = JSON.stringify((await answer(region, text)) ?? null);
        for (const { reply } of equal) {
          send(nats, reply, answered);
        }
      } catch (error) {
        for (const { reply } of equal) {
          refuse(nats, reply, error);
        }
      }
    }
    waiting.delete(region);
  }
}

/** Shows that a central is running. */
export function answerPresence(nats: NatsConnection, subject: string): Subscription {
  return nats.subscribe(subject, {
    callback(error, { reply }) {
      if (error === null && reply?.startsWith(INBOX)) {
        send(nats, reply, '');
      }
    },
  });
}

function refuse(nats: NatsConnection, reply: string, error: unknown): void {
  const failed = headers();
  failed.append(FAILURE, sentenceOf(error));
  send(nats, reply, '', { headers: failed });
}

/** While central stops, nothing is answered any more. */
function send(nats: NatsConnection, reply: string, text: string, options?: PublishOptions): void {
  if (!nats.isClosed() && !nats.isDraining()) {
    nats.publish(reply, text, options);
  }
}
