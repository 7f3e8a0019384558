/** Central, a process of its own, is killed between the commit of a batch and its acknowledgement, again and again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { expect, test } from '@jest/globals';
import { projectRoot } from '../../../../src/shared/project.ts';
import { WITH_BUNDLES } from '../../../support/bundled.ts';
import { ownEnvironment } from '../../../support/command.ts';
import { forEachEngine } from '../../../support/engines.ts';
import { closeAfterTest, describeWithNats } from '../../../support/nats/available.ts';
import {
  expectEach,
  type NatsScene,
  natsScene,
  startCentral,
  startRelay,
  trade,
  untilArrived,
} from '../../../support/nats/scene.ts';
import { type NatsServer, startNats } from '../../../support/nats/server.ts';
import { until } from '../../../support/until.ts';

const KILLS = 3;
const ENVIRONMENT = { NATS_ACK_WAIT_SECONDS: '1' };

describeWithNats('NATS', () => {
  forEachEngine((_, engine) => {
    function startDying({ place }: NatsScene, { url }: NatsServer, batches: number): ChildProcess {
      const script = join(projectRoot, 'dist', 'test', 'support', 'nats', 'central-dies.js');
      const child = spawn(process.execPath, [WITH_BUNDLES, script, String(batches)], {
        cwd: place.folder,
        env: { ...ownEnvironment(), ...place.environment('central'), ...ENVIRONMENT, NATS_URL: url },
        stdio: ['ignore', 'inherit', 'inherit'],
      });
      closeAfterTest(() => child.kill('SIGKILL'));
      return child;
    }

    test('nothing is lost, and nothing counts twice', async () => {
      const server = await startNats();
      const scene = await natsScene(engine);
      await startRelay(scene, server.settings(ENVIRONMENT), { settings: { batchEvents: 7 } });
      const orders = trade(scene.boston);
      for (let kill = 1; kill <= KILLS; kill++) {
        const dying = startDying(scene, server, 2 * kill);
        const [, signal] = await once(dying, 'exit');
        expect(signal).toBe('SIGKILL');
      }
      await orders.goOn(10);
      await orders.stop();
      const own = await startCentral(scene, server.settings(ENVIRONMENT));
      await untilArrived(scene, scene.boston);
      await until('all is acknowledged', async () => (await own.transport.stored('boston', 1)) === 'empty');
      await expectEach(scene);
      // what was committed and not acknowledged has come again
      const known = scene.got.flatMap(({ events }) => events.map(({ seq }) => seq));
      expect(known.length).toBeGreaterThan(0);
    });
  });
});
