/** The thread of one load. */
import { parentPort, workerData } from 'node:worker_threads';
import { useBundledPackages } from '../../shared/bundled-packages.ts';
import type { ThreadData } from './messages.ts';

const port = parentPort;
if (port === null) {
  throw new Error('This is the thread of a load; start it with a job.');
}
const { job, redirections } = workerData as ThreadData;
if (redirections !== undefined) {
  useBundledPackages(redirections);
}
const { runJob } = await import('./run-job.ts');
await runJob(job, port);
