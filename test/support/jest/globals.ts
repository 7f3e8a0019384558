/** What `import … from '@jest/globals'` gives test files that `run-file.ts` runs. */
import type * as Jest from '@jest/globals';

type Globals = Pick<
  typeof Jest,
  'afterAll' | 'afterEach' | 'beforeAll' | 'beforeEach' | 'describe' | 'expect' | 'it' | 'test'
> & {
  /** Without what needs Jest's own module system. */
  readonly jest: Pick<(typeof Jest)['jest'], 'clearAllMocks' | 'fn' | 'resetAllMocks' | 'restoreAllMocks' | 'spyOn'>;
};

const globals = Reflect.get(globalThis, Symbol.for('meridian.jest-globals')) as Globals;

export const afterAll: Globals['afterAll'] = globals.afterAll;
export const afterEach: Globals['afterEach'] = globals.afterEach;
export const beforeAll: Globals['beforeAll'] = globals.beforeAll;
export const beforeEach: Globals['beforeEach'] = globals.beforeEach;
export const describe: Globals['describe'] = globals.describe;
export const expect: Globals['expect'] = globals.expect;
export const it: Globals['it'] = globals.it;
export const jest: Globals['jest'] = globals.jest;
export const test: Globals['test'] = globals.test;
