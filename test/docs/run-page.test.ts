/** A command of a page that does not end is stopped and named, with what it has printed. */
import { relative } from 'node:path';
import { expect, test } from '@jest/globals';
import { projectRoot } from '../../src/shared/project.ts';
import { runPage } from '../support/documentation/run-page.ts';
import { makeFolder, writeIn } from '../support/folder.ts';

function pageOf(...commands: readonly string[]): string {
  return relative(projectRoot, writeIn(makeFolder(), 'page.md', `\`\`\`sh\n${commands.join('\n')}\n\`\`\`\n`));
}

const STOPPED = { limitSeconds: 1 };

test('a command that does not end is named', async () => {
  const page = pageOf('echo done', 'echo waiting; sleep infinity', 'echo never');
  await expect(runPage(page, makeFolder(), STOPPED)).rejects.toThrow(
    /page\.md: not ended after 1 s: line 3: echo waiting; sleep infinity\nPrinted until then:\nwaiting\n$/,
  );
});

test('so is what the page assumes', async () => {
  const session = { ...STOPPED, before: 'echo preparing; sleep infinity' };
  await expect(runPage(pageOf('echo never'), makeFolder(), session)).rejects.toThrow(
    /not ended after 1 s: echo preparing; sleep infinity\nPrinted until then:\npreparing\n$/,
  );
});

test('a command that asks gets no answer', async () => {
  const [step] = await runPage(pageOf('read -r answer; echo "$? $answer"'), makeFolder(), {});
  expect(step?.commands).toMatchObject([{ exitCode: 0, output: '1 \n' }]);
});
