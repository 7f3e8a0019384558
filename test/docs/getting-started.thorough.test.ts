/** docs/getting-started.md, typed from the top: its files are written and its commands run, with the package as npm packs it. */
import { expect, test } from '@jest/globals';
import { problemsOf } from '../support/documentation/problems.ts';
import { runPage } from '../support/documentation/run-page.ts';
import { makeFolder } from '../support/folder.ts';
import { pack } from '../support/packed.ts';

test('the project of the page works', async () => {
  const tarball = await pack(makeFolder());
  const steps = await runPage('docs/getting-started.md', makeFolder(), {
    usesNpm: true,
    replaced: new Map([['npm install meridian ', `npm install ${tarball} `]]),
  });
  expect(problemsOf(steps)).toEqual([]);
});
