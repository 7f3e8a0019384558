/**
 * Run as a process of its own: central, which kills itself after it has committed so many batches, before it acknowledges the
 * last of them: `node dist/test/support/nats/central-dies.js <batches>`
 */
import process from 'node:process';
import { runCentral } from '../../../src/replication/inbox/run-central.ts';
import { central as declaration } from '../../../src/shop/catalog.ts';
import { centralProjection } from '../../../src/shop/central/projection.ts';

let left = Number(process.argv[2]);

await runCentral({
  declaration,
  projection: centralProjection,
  signal: new AbortController().signal,
  listener: {
    taken() {
      left--;
      if (left === 0) {
        process.kill(process.pid, 'SIGKILL');
      }
    },
  },
});
