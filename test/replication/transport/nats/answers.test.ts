/** Answers of central to requests of any kind and number. */
import { expect, test } from '@jest/globals';
import type { Msg, MsgHdrs, NatsConnection } from '@nats-io/transport-node';
import { type Answer, answerPresence, answerRegions } from '../../../../src/replication/transport/nats/answers.ts';
import { until } from '../../../support/until.ts';

interface Sent {
  readonly to: string;
  readonly text: string;
  readonly failure: string;
}

/** Central's side of a connection, and a way to send it requests. */
function scene(subject: string, answer?: Answer) {
  const sent: Sent[] = [];
  let callback: (error: Error | null, message: Msg) => void = () => undefined;
  let isClosed = false;
  const nats = {
    subscribe: (_: string, options: { callback: typeof callback }) => {
      callback = options.callback;
    },
    publish(to: string, text: string, options?: { headers: MsgHdrs }) {
      sent.push({ to, text, failure: options?.headers.get('Meridian-Error') ?? '' });
    },
    isClosed: () => isClosed,
    isDraining: () => false,
  } as unknown as NatsConnection;
  if (answer === undefined) {
    answerPresence(nats, subject);
  } else {
    answerRegions(nats, subject, answer);
  }
  const ask = (of: string, text = '', reply = `_INBOX.${sent.length}`) => {
    const data = Buffer.from(text);
    callback(null, { subject: of, data, string: () => text, reply } as unknown as Msg);
  };
  const close = () => {
    isClosed = true;
  };
  return { ask, sent, close };
}

/** Answers that the test releases. */
function slowAnswers() {
  const asked: string[] = [];
  const open: (() => void)[] = [];
  const answer: Answer = async (region, request) => {
    asked.push(`${region} ${request}`);
    await new Promise<void>((resolve) => open.push(resolve));
    return asked.length;
  };
  return { asked, answer, next: () => open.shift()?.() };
}

test('central answers a region, also one that it does not know', async () => {
  const { ask, sent } = scene('position.*', async (region, request) => (region === 'boston' ? { request } : undefined));
  ask('position.boston', 'hub', '_INBOX.a');
  ask('position.denver', '', '_INBOX.b');
  await until('both are answered', () => sent.length === 2);
  expect(sent).toEqual([
    { to: '_INBOX.a', text: '{"request":"hub"}', failure: '' },
    { to: '_INBOX.b', text: 'null', failure: '' },
  ]);
});

test('an error is answered as one line of limited length', async () => {
  const { ask, sent } = scene('position.*', async () => {
    throw new Error(`locked\r\nby ${'x'.repeat(1e6)}`);
  });
  ask('position.boston');
  await until('it is answered', () => sent.length === 1);
  expect(sent[0]?.failure).toMatch(/^locked by x+$/);
  expect(sent[0]?.failure.length).toBeLessThan(1001);
});

test('a message that is not a request of a region is refused unread', async () => {
  const asked: string[] = [];
  const { ask, sent } = scene('position.*', async (region) => asked.push(region));
  for (const region of ['-boston-', 'Boston', 'b'.repeat(200), '*']) {
    ask(`position.${region}`);
  }
  ask('position.boston', 'x'.repeat(1_000_000));
  expect(sent.map(({ failure }) => failure)).toEqual(Array(5).fill('This is not a valid request from a region.'));
  expect(asked).toEqual([]);
});

test.each(['$JS.API.STREAM.DELETE.meridian-seattle-1-x', 'evt.seattle.1.order.placed', ''])(
  'nothing is sent to %p, which no client takes answers on',
  async (reply) => {
    const { ask, sent } = scene('position.*', async () => 'answer');
    ask('position.boston', '', reply);
    const presence = scene('central');
    presence.ask('central', '', reply);
    // what comes after it is answered when it would have been
    ask('position.boston', '', '_INBOX.a');
    presence.ask('central', '', '_INBOX.b');
    await until('those are answered', () => sent.length + presence.sent.length === 2);
    expect([...sent, ...presence.sent].map(({ to }) => to)).toEqual(['_INBOX.a', '_INBOX.b']);
  },
);

test('equal requests that wait are answered together, with the state at that time', async () => {
  const { asked, answer, next } = slowAnswers();
  const { ask, sent } = scene('position.*', answer);
  for (let request = 0; request < 5; request++) {
    ask('position.boston', '', `_INBOX.${request}`);
  }
  next();
  await until('the first is answered', () => sent.length === 1);
  next();
  await until('all are answered', () => sent.length === 5);
  expect(asked).toHaveLength(2);
});

test('a flood of requests of one region takes little memory, and delays no other region', async () => {
  const { asked, answer, next } = slowAnswers();
  const { ask, sent } = scene('position.*', answer);
  for (let request = 0; request < 100_000; request++) {
    ask('position.boston', `${request}`);
  }
  ask('position.denver');
  expect(asked).toEqual(['boston 0', 'denver ']);
  while (sent.length < 22) {
    next();
    await new Promise(setImmediate);
  }
  expect(asked).toHaveLength(22);
  // and afterwards it is answered as before
  ask('position.boston', 'again');
  await until('it is asked', () => asked.includes('boston again'));
  next();
});

test('of too many regions, some are answered', async () => {
  const { asked, answer, next } = slowAnswers();
  const { ask, sent } = scene('position.*', answer);
  for (let region = 0; region < 5000; region++) {
    ask(`position.r${region}`);
  }
  expect(asked).toHaveLength(1000);
  for (let region = 0; region < 1000; region++) {
    next();
  }
  await until('they are answered', () => sent.length === 1000);
});

test('nothing is sent over a connection that is closed', async () => {
  const { asked, answer, next } = slowAnswers();
  const { ask, sent, close } = scene('position.*', answer);
  ask('position.boston');
  close();
  next();
  await new Promise(setImmediate);
  expect([asked.length, sent.length]).toEqual([1, 0]);
});
