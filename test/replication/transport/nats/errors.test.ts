/** Errors of NATS as sentences for users. */
import { expect, test } from '@jest/globals';
import { JetStreamApiError } from '@nats-io/jetstream';
import { errors } from '@nats-io/transport-node';
import { explained, hasCode } from '../../../../src/replication/transport/nats/errors.ts';
import { MeridianError } from '../../../../src/shared/errors.ts';

const api = (err_code: number, description: string) => new JetStreamApiError({ code: 503, err_code, description });

test.each([
  [api(10039, 'no'), /^NATS: could not look: JetStream is not switched on there\. Start nats-server with --jetstream/],
  [
    api(10047, 'insufficient storage'),
    /there is no room \(insufficient storage\)\. Publishing continues automatically/,
  ],
  [api(10052, 'bad replicas'), /^NATS: could not look: bad replicas \(10052\)\.$/],
  [new errors.TimeoutError(), /^NATS: could not look: there was no answer in time\.$/],
  [new errors.NoRespondersError('evt.x'), /no server answers\. JetStream may be starting/],
  [new errors.ClosedConnectionError(), /^NATS: could not look: the connection is closed\.$/],
  ['something else', /^NATS: could not look: something else\.$/],
])('%s', (error, message) => {
  const explanation = explained('look', error);
  expect(explanation).toMatchObject({ code: 'transport', message: expect.stringMatching(message) });
});

test('an error that is a sentence already stays as it is', () => {
  const error = new MeridianError('usage', 'A sentence.');
  expect(explained('look', error)).toBe(error);
  expect(hasCode(error, 1)).toBe(false);
  expect(hasCode(api(1, 'x'), 1)).toBe(true);
});
