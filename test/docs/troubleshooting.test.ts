/** Messages that are quoted on the page are ones that the program prints. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { projectRoot } from '../../src/shared/project.ts';
import { readPage } from '../support/documentation/pages.ts';

/** The text of all sources, with sentences that are written as several strings in one piece. */
const SOURCES = globSync(['src/**/*.ts', 'bin/*.js'], { cwd: projectRoot })
  .map((file) => readFileSync(join(projectRoot, file), 'utf8'))
  .join('\n')
  .replaceAll(/['`]\s*\+\s*['`]/g, '');

const MESSAGES = readPage('docs/troubleshooting.md')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .flatMap((line) => [...(line.split(' | ')[0] ?? '').matchAll(/`([^`]+)`/g)].map(([, message = '']) => message));

test('there are many', () => {
  expect(MESSAGES.length).toBeGreaterThan(30);
});

test.each(MESSAGES)('%s', (message) => {
  expect(message.split('…').filter((part) => !SOURCES.includes(part.trim()))).toEqual([]);
});
