/** Where the tests' `nats-server` is. Tests that need it are skipped where there is none, except in CI, where that fails. */
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { afterEach, describe } from '@jest/globals';

/** Names the program, where it is not on the PATH. */
const SERVER_VARIABLE = 'NATS_SERVER';

export const natsServer = process.env[SERVER_VARIABLE] ?? 'nats-server';

const { error, stdout } = spawnSync(natsServer, ['--version'], { encoding: 'utf8' });

/** Such as `2.10.29`; nothing where there is no server. */
const natsVersion = error === undefined ? /v(\d+\.\d+\.\d+)/.exec(stdout)?.[1] : undefined;

const REASON = `there is no ${natsServer} (${SERVER_VARIABLE} names another one)`;

/** For suites that need the server. */
export function describeWithNats(name: string, define: () => void): void {
  if (natsVersion === undefined && process.env['CI']) {
    throw new Error(`In CI no test is skipped, and ${REASON}.`);
  }
  (natsVersion === undefined ? describe.skip : describe)(
    natsVersion === undefined ? `${name} [skipped: ${REASON}]` : name,
    () => {
      // here, so that it is before what databases and folders do after each test
      afterEach(async () => {
        for (const close of closing.splice(0).reverse()) {
          await close();
        }
      });
      define();
    },
  );
}

const closing: (() => unknown)[] = [];

/** Is called when the test is over, what was opened last first. */
export function closeAfterTest(close: () => unknown): void {
  closing.push(close);
}
