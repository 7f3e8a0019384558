/** Waits for a time, or until a signal is aborted. */
import { sleep } from '../environment.ts';

/** @param wakes signals that end the wait when they are aborted */
export async function wait(milliseconds: number, ...wakes: readonly AbortSignal[]): Promise<void> {
  const any = AbortSignal.any([...wakes]);
  try {
    await sleep(milliseconds, any);
  } catch (error) {
    if (!any.aborted) {
      throw error;
    }
  }
}
