/** Waits for a condition, not for a time. */
import { setTimeout } from 'node:timers/promises';

const POLL_MILLISECONDS = 10;
const DEADLINE_SECONDS = 20;

/** Asks until `holds` says true. @throws Error when it never does */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  deadlineSeconds = DEADLINE_SECONDS,
): Promise<void> {
  const deadline = Date.now() + deadlineSeconds * 1000;
  while (!(await holds())) {
    if (Date.now() > deadline) {
      throw new Error(`Waited ${deadlineSeconds} s in vain: ${what}`);
    }
    await setTimeout(POLL_MILLISECONDS);
  }
}
