/** Waits for a time, or for less if something happens before. */
import { sleep } from '../environment.ts';

/** @param wakes are aborted to end the waiting */
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
