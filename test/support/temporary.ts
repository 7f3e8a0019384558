/** A folder for temporary files of each test's own: other programs have some in the usual one. */
import process from 'node:process';
import { afterEach, beforeEach } from '@jest/globals';
import { makeFolder } from './folder.ts';

/** For the tests of a file that look at what is in it, as `os.tmpdir()` names it. */
export function useOwnTemporaryFolder(): void {
  const usual = process.env['TMPDIR'];
  beforeEach(() => {
    process.env['TMPDIR'] = makeFolder();
  });
  afterEach(() => {
    if (usual === undefined) {
      delete process.env['TMPDIR'];
    } else {
      process.env['TMPDIR'] = usual;
    }
  });
}
