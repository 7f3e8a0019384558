/** Waits for a time, or for less when it is told to stop. */
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
