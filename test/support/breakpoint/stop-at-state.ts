/** Stops a command in the transaction in which the first of its runs gets into a state. */
import { RunStore } from '../../../src/loads/run-store.ts';
import type { RunState } from '../../../src/loads/run-tables.ts';
import { stop } from './stop.ts';

export function stopAtState(state: RunState): void {
  const { change } = RunStore.prototype;
  RunStore.prototype.change = async function (this: RunStore, em, id, what) {
    await change.call(this, em, id, what);
    if (what.state === state) {
      stop();
    }
  };
}
