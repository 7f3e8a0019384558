/** The contract of a transport, kept by all of them. */
import { expect, test } from '@jest/globals';
import { inProcessTransport } from '../../../src/replication/transport/in-process.ts';
import type { Position } from '../../../src/replication/transport/transport.ts';
import { batchOf, orderAt } from '../../support/shipped.ts';
import { describeTransport } from '../../support/transport-contract.ts';

describeTransport('in process', async () => {
  const positions = new Map<string, Position | undefined>();
  return {
    transport: inProcessTransport(async (region) => positions.get(region)),
    setPosition: (region, position) => positions.set(region, position),
  };
});

test('in process, a batch without a consumer is refused, and not lost', async () => {
  const transport = inProcessTransport(async () => undefined);
  expect(transport.acknowledgesApplied).toBe(true);
  await expect(transport.publish(batchOf([orderAt(1)]))).rejects.toMatchObject({
    code: 'transport',
    message: 'No consumer takes events for central in this process.',
  });
});
