/** The committed reference is what the code generates. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { EXAMPLES } from '../../docs/generate/command-examples.ts';
import { documentedCommands } from '../../docs/generate/commands.ts';
import { REFERENCE, referencePages } from '../../docs/generate/pages.ts';
import { variableGroups } from '../../docs/generate/variables.ts';
import { projectRoot } from '../../src/shared/project.ts';

const pages = await referencePages();

test.each([...pages])('%s is up to date; else run npm run docs', (path, text) => {
  expect(readFileSync(join(projectRoot, path), 'utf8')).toBe(text);
});

test('there is no other page in it', () => {
  expect(globSync(`${REFERENCE}/*`, { cwd: projectRoot }).sort()).toEqual([...pages.keys()].sort());
});

test('it is the same each time', async () => {
  expect(await referencePages()).toEqual(pages);
});

test('every example is of a command that there is', () => {
  expect(Object.keys(EXAMPLES).sort()).toEqual(
    documentedCommands()
      .map(({ path }) => path)
      .sort(),
  );
});

test('configuration has every variable that the sources read', () => {
  const documented = variableGroups([]).flatMap(({ variables }) => variables.map(({ name }) => name));
  const read = globSync('src/**/*.ts', { cwd: projectRoot }).flatMap((file) => {
    const text = readFileSync(join(projectRoot, file), 'utf8');
    const single = text.matchAll(
      /(?:(?:environment|process\.env)\[|\btext\(|_VARIABLE = )'(?<name>[A-Z_]+)'|process\.env\.(?<own>[A-Z_]+)/g,
    );
    const several = text.matchAll(/const \{(?<names>[^}]*)\} = process\.env/g);
    return [
      ...[...single].map(({ groups }) => groups?.['name'] ?? groups?.['own'] ?? ''),
      ...[...several].flatMap(({ groups }) => groups?.['names']?.match(/\b[A-Z_]{2,}\b/g) ?? []),
    ];
  });
  expect(read.length).toBeGreaterThan(10);
  expect(read.filter((name) => !documented.includes(name))).toEqual([]);
});
