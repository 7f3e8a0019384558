/** Every relative link in the documentation leads to a file, or a heading, that is there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from '@jest/globals';
import { projectRoot } from '../../src/shared/project.ts';
import { documents } from '../support/documentation.ts';

const LINK = /\]\((?<target>[^)\s]+)\)/g;

/** As GitHub makes them of headings. */
function anchorsIn(markdown: string): string[] {
  return [...withoutCode(markdown).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-'),
  );
}

function withoutCode(markdown: string): string {
  return markdown.replaceAll(/^```[\s\S]*?^```$/gm, '');
}

test.each(documents().map((file) => [relative(projectRoot, file), file]))('%s', (_, file) => {
  const text = readFileSync(file, 'utf8');
  const broken = [...withoutCode(text).matchAll(LINK)].flatMap(({ groups }) => {
    const target = groups?.['target'] ?? '';
    if (/^[a-z]+:/.test(target)) {
      return [];
    }
    const [path = '', anchor] = target.split('#');
    const led = path === '' ? file : join(dirname(file), path);
    const isThere = existsSync(led) && (anchor === undefined || anchorsIn(readFileSync(led, 'utf8')).includes(anchor));
    return isThere ? [] : [target];
  });
  expect(broken).toEqual([]);
});

test('the pages of docs/ are reached from the README', () => {
  const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8');
  const pages = readdirSync(join(projectRoot, 'docs')).filter((name) => name.endsWith('.md'));
  expect(pages.filter((name) => !readme.includes(`(docs/${name})`))).toEqual([]);
});
