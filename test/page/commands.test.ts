/** The commands that the page shows exist. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { toolCommands } from '../../src/cli/commands.ts';
import { projectRoot } from '../../src/shared/project.ts';
import { COMMANDS } from '../../src/shop/cli/commands.ts';

test('every command that a screen shows is a command', () => {
  const declared = [...toolCommands({ databases: [], modules: [] }), ...COMMANDS];
  const names = new Set(declared.map(({ usage }) => usage.replace(/ .*/, '')));
  const files = globSync('src/{page,shop/page}/**/*.{ts,tsx}', { cwd: projectRoot });
  const shown = files.flatMap((file) => [
    ...readFileSync(join(projectRoot, file), 'utf8').matchAll(/npx meridian ([a-z:-]+)/g),
  ]);
  expect(shown.length).toBeGreaterThan(15);
  expect(shown.map(([, name]) => name).filter((name) => !names.has(name ?? ''))).toEqual([]);
});
