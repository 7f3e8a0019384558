/** Returns the memory of what this process no longer needs, which V8 keeps until it needs memory itself. */
import { Session } from 'node:inspector';

export function collectGarbage(): void {
  const session = new Session();
  session.connect();
  session.post('HeapProfiler.collectGarbage');
  session.disconnect();
}
