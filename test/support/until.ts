/** Waits for a condition, not for a time. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { projectRoot } from '../../src/shared/project.ts';

const POLL_MILLISECONDS = 10;

const { jest } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
  jest: { testTimeout: number };
};

/**
 * How long a test waits for anything: half of Jest's `testTimeout`, so that the test says what it waited for. Both are generous, for
 * a loaded machine is slow and not broken.
 */
export const LIMIT_SECONDS = jest.testTimeout / 2000;

/** Asks until `holds` returns true. @throws Error when it has not after `LIMIT_SECONDS` */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + LIMIT_SECONDS * 1000;
  while (!(await holds())) {
    if (performance.now() > deadline) {
      throw new Error(`Still not so after ${LIMIT_SECONDS} s: ${what}`);
    }
    await setTimeout(POLL_MILLISECONDS);
  }
}
