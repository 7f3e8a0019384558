/** A program: the relay of the region, publishing to NATS until its input ends, as `meridian relay run` does. */
import process from 'node:process';
import { answerWith } from '../conversation.ts';
import { regionDatabase, regionSnapshots, runRelay } from '../meridian.ts';
import { REGION } from '../requests.ts';

/** How busy it has been since it was started, or asked before. */
export interface RelayAnswer {
  readonly cpuSeconds: number;
}

const end = new AbortController();
let cpu = process.cpuUsage();
answerWith<object, RelayAnswer>(
  async () => {
    const { user, system } = process.cpuUsage(cpu);
    cpu = process.cpuUsage();
    return { cpuSeconds: (user + system) / 1e6 };
  },
  () => end.abort(),
);
await runRelay({
  declaration: regionDatabase(REGION),
  snapshots: regionSnapshots,
  signal: end.signal,
  listener: { failed: (error) => process.stderr.write(`${error.message}\n`) },
});
