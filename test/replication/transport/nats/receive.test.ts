/** How much central reads ahead of what it has taken, whatever the size of the messages. */
import { expect, test } from '@jest/globals';
import type { JetStreamClient, JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { MAX_PAYLOAD_BYTES } from '../../../../src/replication/events/envelope.ts';
import { toMessage } from '../../../../src/replication/transport/nats/message.ts';
import { receive } from '../../../../src/replication/transport/nats/receive.ts';
import type { EpochStream } from '../../../../src/replication/transport/nats/streams.ts';
import type { Batch } from '../../../../src/replication/transport/transport.ts';
import { batchOf, orderAt } from '../../../support/shipped.ts';
import { until } from '../../../support/until.ts';

interface StreamUnderTest {
  /** Messages that were read out of it. */
  readonly read: () => number;
  /** What JetStream was answered: acknowledgement or refusal -> how often. */
  readonly answers: Readonly<Record<string, number>>;
  readonly requested: () => number | undefined;
  readonly batches: readonly Batch[];
  /** Lets central take what it was given. */
  take(): void;
  stop(): Promise<void>;
}

/** Receives events of a size from a stream, for a slow central. */
function receiveFrom(
  events: number,
  bytes: number,
  limits = { max_msg_size: -1, max_payload: 1_048_576 },
): StreamUnderTest {
  const payload = JSON.stringify('x'.repeat(bytes - 2));
  const answers: Record<string, number> = {};
  const batches: Batch[] = [];
  const end = new AbortController();
  let [read, requested, isClosed] = [0, undefined as number | undefined, false];
  let letGo: () => void = () => undefined;
  const slow = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  async function* messages(): AsyncGenerator<JsMsg> {
    while (read < events && !isClosed) {
      read++;
      const { subject, headers } = toMessage(batchOf([orderAt(read)]), 0, 'stream', false);
      const message = { subject, headers, data: { length: bytes }, string: () => payload, reply: `ack ${read}` };
      yield message as unknown as JsMsg;
    }
    await new Promise<void>((resolve) => {
      end.signal.addEventListener('abort', () => resolve());
    });
  }
  const consumer = {
    async consume(options: { max_messages: number }) {
      requested = options.max_messages;
      const close = async () => {
        isClosed = true;
      };
      return Object.assign(messages(), { close });
    },
  };
  const nats = {
    info: { max_payload: limits.max_payload },
    publish(_: string, what: string) {
      answers[what] = (answers[what] ?? 0) + 1;
    },
  };
  const running = receive({ consumers: { get: async () => consumer } } as unknown as JetStreamClient, {
    nats: nats as unknown as NatsConnection,
    stream: { region: 'boston', epoch: 1, info: { config: { name: 's', ...limits } } } as unknown as EpochStream,
    async handler(batch) {
      batches.push(batch);
      await slow;
    },
    signal: end.signal,
    ackWaitSeconds: 10,
    listener: {},
  });
  return {
    read: () => read,
    answers,
    requested: () => requested,
    batches,
    take: () => letGo(),
    async stop() {
      end.abort();
      letGo();
      await running;
    },
  };
}

test.each([
  [100_000, 167],
  [MAX_PAYLOAD_BYTES, 128],
])('of events of %d bytes, about 16 MB are read before central has taken some', async (bytes, most) => {
  const stream = receiveFrom(1000, bytes);
  await until('it reads no more', () => stream.read() >= most - 5);
  // a slow central gets nothing else meanwhile
  await new Promise(setImmediate);
  expect(stream.read()).toBeLessThanOrEqual(most);
  expect(stream.answers['-NAK']).toBeUndefined();
  stream.take();
  await until('central has all', () => stream.answers['+ACK'] === 1000);
  expect(stream.batches.flatMap(({ events }) => events.map(({ seq }) => seq))).toEqual(
    Array.from({ length: 1000 }, (_, index) => index + 1),
  );
  await stream.stop();
});

test('an event that is too large for any relay takes no room in memory, whatever its size', async () => {
  const stream = receiveFrom(1000, MAX_PAYLOAD_BYTES + 1);
  await until('all are read', () => stream.read() === 1000);
  stream.take();
  await until('central has all', () => stream.answers['+ACK'] === 1000);
  expect(new Set(stream.batches.flatMap(({ events }) => events.map(({ aggregate }) => aggregate)))).toEqual(
    new Set(['unreadable']),
  );
  await stream.stop();
});

test('events are acknowledged once central has committed them', async () => {
  const stream = receiveFrom(10, 100);
  await until('central is given them', () => stream.batches.length > 0);
  const before = stream.answers['+ACK'];
  stream.take();
  await until('central has all', () => (stream.answers['+ACK'] ?? 0) >= 10);
  await stream.stop();
  expect(before).toBeUndefined();
});

test('events that wait when central stops are given back', async () => {
  const stream = receiveFrom(10, 100);
  await until('all are read', () => stream.read() === 10);
  await stream.stop();
  expect((stream.answers['+ACK'] ?? 0) + (stream.answers['-NAK'] ?? 0)).toBe(10);
});

test.each([
  ['a stream of Meridian', { max_msg_size: MAX_PAYLOAD_BYTES + 8192, max_payload: 1_048_576 }, 240],
  ['a stream without a limit', { max_msg_size: -1, max_payload: 1_048_576 }, 32],
  ['a server that takes small messages', { max_msg_size: -1, max_payload: 1000 }, 500],
  ['a server that takes huge ones', { max_msg_size: -1, max_payload: 67_108_864 }, 4],
])('of %s, so many messages are requested ahead that they fit into 32 MB', async (_, limits, ahead) => {
  const stream = receiveFrom(1, 100, limits);
  await until('it is requested', () => stream.requested() !== undefined);
  expect(stream.requested()).toBe(ahead);
  await stream.stop();
});
