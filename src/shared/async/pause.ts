/** Waits for a time, or until it is aborted. */
import { setTimeout as pause } from 'node:timers/promises';

export async function pauseFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await pause(milliseconds, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) {
      throw error;
    }
  }
}
