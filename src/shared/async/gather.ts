/** Collects callers into a batch for work that blocks the thread. */
import { sleep } from '../environment.ts';

/**
 * Waits while more callers arrive. Callers queue up while the thread is blocked, as by an SQLite commit, and their requests are then read
 * over several turns of the event loop. Waits for at least one turn, and stops after a turn without arrivals or once `enough` have arrived.
 *
 * @param arrived returns how many have arrived
 */
export async function gather(arrived: () => number, enough: number): Promise<void> {
  let before: number;
  do {
    before = arrived();
    await sleep(0);
  } while (arrived() > before && arrived() < enough);
}
