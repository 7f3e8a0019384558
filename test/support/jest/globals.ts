/** What `import … from '@jest/globals'` gives test files that `run-file.ts` runs. */
import type * as Jest from '@jest/globals';

type Globals = Pick<
  typeof Jest,
  'afterAll' | 'afterEach' | 'beforeAll' | 'beforeEach' | 'describe' | 'expect' | 'it' | 'test'
> & {
  /** Without what needs Jest's own module system. */
  readonly jest: Pick<(typeof Jest)['jest'], 'clearAllMocks' | 'fn' | 'resetAllMocks' | 'restoreAllMocks' | 'spyOn'>;
};

export const { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest, test } = Reflect.get(
  globalThis,
  Symbol.for('meridian.jest-globals'),
) as Globals;
