/** Run as a process of its own: ships what boston sells to central until it gets a signal, and takes over quickly after a kill. */
import process from 'node:process';
import { syncOn } from '../../../src/shop/sync/sync.ts';

const interruption = new AbortController();
process.once('SIGTERM', () => interruption.abort());

await syncOn({
  regions: () => ['boston'],
  signal: interruption.signal,
  settings: { leaseSeconds: 0.4, pollMilliseconds: 10, batchEvents: 7, firstBackOffMilliseconds: 5 },
  listener: { failed: (region, error) => process.stderr.write(`${region}: ${error.message}\n`) },
});
