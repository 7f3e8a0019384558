/** Answers requests of regions in central, with bounded memory, and so that no region waits for the requests of another. */
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

/** The queue group: of several centrals, only one receives a request. */
const QUEUE = 'central';

/** The subject prefix on which NATS clients receive responses. */
const INBOX = '_INBOX.';

/** The maximum number of regions with waiting requests, and of waiting requests per region. A relay without a response asks again. */
const MAX_REGIONS = 1000;
const MAX_WAITING = 20;

/** More bytes than any valid request has. */
const MAX_REQUEST_BYTES = 1000;

/** @returns the response, which is sent as JSON; a thrown error is sent as the reason of the failure */
export type Answer = (region: string, request: string) => Promise<unknown>;

interface Request {
  readonly text: string;
  readonly reply: string;
}

/**
 * Answers the requests on a subject that ends with a region name. Requests of a region are processed sequentially, and equal waiting ones
 * together.
 *
 * @param subject such as `meridian.position.*`
 */
export function answerRegions(nats: NatsConnection, subject: string, answer: Answer): Subscription {
  const prefix = subject.slice(0, -1);
  /** Region -> its waiting requests. */
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
    // a response to any other subject would be a request that the sender may not be allowed to make, with central's permissions
    if (!reply?.startsWith(INBOX)) {
      return;
    }
    if (!isRegionName(region) || data.length > MAX_REQUEST_BYTES) {
      refuse(nats, reply, new MeridianError('transport', 'This is not a valid request from a region.'));
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
      // equal requests that arrive from now on get a newer response
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

/** Responds to requests that check whether a central is running. */
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

/** Sends a response, unless the connection is closing. */
function send(nats: NatsConnection, reply: string, text: string, options?: PublishOptions): void {
  if (!nats.isClosed() && !nats.isDraining()) {
    nats.publish(reply, text, options);
  }
}
