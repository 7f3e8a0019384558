/** The commands of the demo do what the chapters say: typed chapter by chapter, in an empty folder. */
import { expect, test } from '@jest/globals';
import { playStory } from '../../../src/shop/demo/story.ts';
import { meridian } from '../../support/command.ts';
import { commandIn } from '../../support/documentation/command-line.ts';
import { sqlitePlace } from '../../support/engines.ts';
import { makeFolder } from '../../support/folder.ts';

/** Some forty processes, one after the other. */

/** By the number of the chapter: what has to be read in what its commands print. */
const SHOWN: ReadonlyMap<number, RegExp> = new Map([
  [1, /Rejected user 10: Name cannot be empty/],
  [2, /boston +│ +3 │ +25 │(.|\n)*seattle +│ +2 │ +60 │(.|\n)*denver +│ +2 │ +60 │/],
  [3, /25 │ +150\.00(.|\n)*Rejected, and nothing was taken: boston has 0 of product 3 on hand, and 1 is wanted/],
  [4, /The key web-1001 was used before, so nothing was placed now\.(.|\n)*seattle +│ +2 │ +57 │/],
  [5, /boston: equal, up to event 8 of epoch 1\nseattle: equal(.|\n)*denver: equal/],
  [6, /700\.00 in all, pending\.(.|\n)*boston +│ +0 │ .* paused(.|\n)*boston \*/],
  [7, /boston +│ +1 │ +0 │ +0 │(.|\n)*boston: equal/],
  [8, /denver +│ +3 │ .* up to date(.|\n)*denver +│ +0 │ .* up to date(.|\n)*denver: equal/],
  [
    9,
    /cannot be updated at the moment(.|\n)*1 document copied(.|\n)*"wrap":true(.|\n)*a part of itself: 5 -> 9 -> 1 -> 5/,
  ],
  [10, /boston: equal(.|\n)*seattle: equal(.|\n)*denver: equal(.|\n)*Revenue by country/],
]);

test('the commands of all chapters, in their order, succeed or are rejected as stated, and print what the chapters say', async () => {
  const place = sqlitePlace(makeFolder());
  const chapters = await playStory({ folder: place.folder, databaseOptions: (name) => place.options(name) });
  expect(chapters.map(({ number }) => number)).toEqual([...SHOWN.keys()]);
  const cwd = makeFolder();
  for (const { number, commands, incomplete = [], refused = [] } of chapters) {
    let printed = '';
    for (const command of [...commands, ...refused]) {
      const { args, env } = commandIn(command);
      const { code, stdout, stderr } = await meridian(args, { cwd, env });
      const end = code === 1 || code === 2 ? 'refused' : code;
      const isRefused = refused.includes(command) || incomplete.includes(command);
      expect({ command, end, stderr }).toEqual({ command, end: isRefused ? 'refused' : 0, stderr });
      printed += `${stdout}${stderr}`;
    }
    expect(printed).toMatch(SHOWN.get(number) ?? /^$/);
  }
});
