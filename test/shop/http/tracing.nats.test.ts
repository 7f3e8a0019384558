/** OpenTelemetry's spans from a checkout to a central behind NATS. */
import process from 'node:process';
import { test } from '@jest/globals';
import { runCentral } from '../../../src/replication/inbox/run-central.ts';
import { central } from '../../../src/shop/catalog.ts';
import { centralProjection } from '../../../src/shop/central/projection.ts';
import { replaceEnvironment } from '../../support/environment.ts';
import { closeAfterTest, describeWithNats } from '../../support/nats/available.ts';
import { startNats } from '../../support/nats/server.ts';
import { serveShop } from '../../support/served-shop.ts';
import { expectTracedCheckout } from '../../support/traced-checkout.ts';

describeWithNats('NATS', () => {
  test('central links what it applies to the request that has placed the order', async () => {
    const server = await startNats();
    closeAfterTest(replaceEnvironment({ ...process.env }));
    const shop = await serveShop();
    process.env['NATS_URL'] = server.url;
    const end = new AbortController();
    const started = Promise.withResolvers<void>();
    const running = runCentral({
      declaration: central,
      projection: centralProjection,
      signal: end.signal,
      listener: { started: started.resolve },
    });
    closeAfterTest(async () => {
      end.abort();
      await running;
    });
    await Promise.race([started.promise, running]);
    await expectTracedCheckout(shop);
  });
});
