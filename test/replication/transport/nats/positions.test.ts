/** Answers of central, which a relay checks before it uses them. */
import { expect, test } from '@jest/globals';
import { headers, type Msg } from '@nats-io/transport-node';
import type { Connection } from '../../../../src/replication/transport/nats/connection.ts';
import { askPosition } from '../../../../src/replication/transport/nats/positions.ts';
import { askForStream, askWhatIsStored } from '../../../../src/replication/transport/nats/stream-requests.ts';

/** A connection over which each request is answered so. */
function answering(text: string, failure?: string): Connection {
  const of = headers();
  if (failure !== undefined) {
    of.append('Meridian-Error', failure);
  }
  const answer = { headers: of, json: () => JSON.parse(text) } as unknown as Msg;
  return { refuseDisconnected: () => undefined, nats: { request: async () => answer } } as unknown as Connection;
}

test('a position', async () => {
  const position = { epoch: 3, seq: 7, headSeq: 9, eventId: 'e7' };
  expect(await askPosition(answering(JSON.stringify(position)), 'boston')).toEqual(position);
  const documents = { epoch: 2, seq: 5, eventId: null, isForeign: true };
  const troubled = { ...position, conflictSeq: 4, lacksBase: true, documents };
  expect(await askPosition(answering(JSON.stringify(troubled)), 'boston')).toEqual(troubled);
  expect(await askPosition(answering('{"epoch":3,"seq":0,"headSeq":9,"eventId":null}'), 'boston')).toBeDefined();
  expect(await askPosition(answering('null'), 'boston')).toBeUndefined();
});

test.each([
  '7',
  '"far"',
  '[]',
  '{}',
  '{"epoch":"3","seq":7,"headSeq":9,"eventId":"e7"}',
  '{"epoch":1e15,"seq":7,"headSeq":9,"eventId":"e7"}',
  '{"epoch":3,"seq":-7,"headSeq":9,"eventId":"e7"}',
  '{"epoch":3,"seq":7,"headSeq":9.5,"eventId":"e7"}',
  '{"epoch":3,"seq":7,"headSeq":9,"eventId":7}',
  '{"epoch":3,"seq":7,"headSeq":9,"eventId":"e7","conflictSeq":"4"}',
  '{"epoch":3,"seq":7,"headSeq":9,"eventId":"e7","lacksBase":1}',
  '{"epoch":3,"seq":7,"headSeq":9,"eventId":"e7","documents":null}',
  '{"epoch":3,"seq":7,"headSeq":9,"eventId":"e7","documents":{"epoch":1e15,"seq":5,"eventId":"e5","isForeign":false}}',
  '{"epoch":3,"seq":7,"headSeq":9,"eventId":"e7","documents":{"epoch":2,"seq":5,"eventId":"e5"}}',
])('%s is none', async (text) => {
  await expect(askPosition(answering(text), 'boston')).rejects.toMatchObject({
    code: 'transport',
    message: expect.stringMatching(/^Central has sent an invalid position\./),
  });
});

test('an answer that is not JSON is refused', async () => {
  await expect(askPosition(answering('{'), 'boston')).rejects.toMatchObject({ code: 'transport' });
});

test('the error of central is cut to a limited length', async () => {
  const asking = askPosition(answering('', 'x'.repeat(1_000_000)), 'boston');
  await expect(asking).rejects.toMatchObject({
    message: expect.stringMatching(/^Central cannot report its position: x{1000}$/),
  });
});

test('the name of a stream, and what is stored in it', async () => {
  expect(await askForStream(answering('"meridian-boston-1-x"'), 'boston', 1)).toBe('meridian-boston-1-x');
  expect(await askWhatIsStored(answering('null'), 'boston', 1)).toBeUndefined();
  expect(await askWhatIsStored(answering('"empty"'), 'boston', 1)).toBe('empty');
  expect(await askWhatIsStored(answering('{"firstSeq":2}'), 'boston', 1)).toEqual({ firstSeq: 2, lastSeq: undefined });
});

test.each(['"a b"', '"a\\r\\nNats-Rollup: all"', '""', 'null', '7', `"${'x'.repeat(1000)}"`])(
  '%s is no name of a stream',
  async (text) => {
    await expect(askForStream(answering(text), 'boston', 1)).rejects.toMatchObject({ code: 'transport' });
  },
);

test.each(['7', '"full"', '{}', '{"firstSeq":0}', '{"firstSeq":2,"lastSeq":"3"}'])(
  '%s does not describe stored events',
  async (text) => {
    await expect(askWhatIsStored(answering(text), 'boston', 1)).rejects.toMatchObject({ code: 'transport' });
  },
);
