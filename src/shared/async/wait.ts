/** Waits for a time, or for less if something happens before. */
import { setTimeout as pause } from 'node:timers/promises';

/** @param wakes are aborted to end the waiting */
export async function wait(milliseconds: number, ...wakes: readonly AbortSignal[]): Promise<void> {
  const any = AbortSignal.any([...wakes]);
  try {
    await pause(milliseconds, undefined, { signal: any });
  } catch (error) {
    if (!any.aborted) {
      throw error;
    }
  }
}
