/**
 * Run as a process of its own: central, which kills itself after it has committed so many batches, before it acknowledges the
 * last of them: `node dist/test/support/nats/central-dies.js <batches>`
 */
import process from 'node:process';
import { runCentral } from '../../../src/shop/central/run-central.ts';

let left = Number(process.argv[2]);

await runCentral({
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
