/** Lets callers share work that keeps the thread. */
import { sleep } from '../environment.ts';

/**
 * Waits while more arrive. Work that keeps the thread, such as a commit of SQLite, has let many callers wait: they are read in several turns of
 * the event loop after it. Waits for at least one turn, and for no more once a turn brings none, or `enough` are there.
 *
 * @param arrived how many have arrived
 */
export async function gather(arrived: () => number, enough: number): Promise<void> {
  let before: number;
  do {
    before = arrived();
    await sleep(0);
  } while (arrived() > before && arrived() < enough);
}
