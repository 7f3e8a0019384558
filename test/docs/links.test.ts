/** Every relative link in the documentation leads to a file, or a heading, that is there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { projectRoot } from '../../src/shared/project.ts';
import { blocksOf, filesOf, PAGES, readPage } from '../support/documentation/pages.ts';

const LINK = /(?:\]\(|\bsrc="|\bsrcset=")(?<target>[^)"\s]+)[)"]/g;

/** A test file, and the title of the test in it that is meant. */
const TITLE = /\]\((?<target>[^)\s]+)\) \(“(?<title>[^”]+)”\)/g;

/** A file, and the names in it that are meant. */
const NAMES = /\]\((?<target>[^)\s]+\.ts)\) \((?<names>(?:`\w+`(?:, )?)+)\)/g;

/** A path of the project that is named without being linked. */
const NAMED = /`(?<path>(?:src|test|bin|bench|docs|migrations)\/(?:[\w@./-]+\.\w+|[\w@./-]+\/))`/g;

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

test.each(PAGES)('%s', (page) => {
  const text = withoutCode(readPage(page));
  const broken = [...text.matchAll(LINK)].flatMap(({ groups }) => {
    const target = groups?.['target'] ?? '';
    if (/^[a-z]+:/.test(target)) {
      return [];
    }
    const [path = '', anchor] = target.split('#');
    const led = path === '' ? join(projectRoot, page) : join(projectRoot, dirname(page), path);
    const isThere = existsSync(led) && (anchor === undefined || anchorsIn(readFileSync(led, 'utf8')).includes(anchor));
    return isThere ? [] : [target];
  });
  expect(broken).toEqual([]);
  expect(
    [...text.matchAll(NAMED)]
      .map(([, path = '']) => path)
      // of the repository, or of the project that the page builds
      .filter((path) => !existsSync(join(projectRoot, path)) && !filesOf(page).has(path)),
  ).toEqual([]);
});

test.each(PAGES)('%s names tests that there are', (page) => {
  const wrong = [...readPage(page).matchAll(TITLE)].filter(({ groups }) => {
    const file = join(projectRoot, dirname(page), groups?.['target'] ?? '');
    return !readFileSync(file, 'utf8').includes(groups?.['title'] ?? '');
  });
  expect(wrong.map(([link]) => link)).toEqual([]);
});

test.each(PAGES)('%s names functions that there are', (page) => {
  const wrong = [...readPage(page).matchAll(NAMES)].flatMap(({ groups }) => {
    const text = readFileSync(join(projectRoot, dirname(page), groups?.['target'] ?? ''), 'utf8');
    return (groups?.['names'] ?? '').split(', ').filter((name) => !text.includes(name.replaceAll('`', '')));
  });
  expect(wrong).toEqual([]);
});

test('all pages of docs/ are reached from the README', () => {
  const readme = readPage('README.md');
  expect(PAGES.filter((page) => page !== 'README.md' && !readme.includes(`(${page})`))).toEqual([]);
});

test('the README has 8 to 10 KB', () => {
  const bytes = Buffer.byteLength(readPage('README.md'));
  expect(bytes).toBeGreaterThan(8000);
  expect(bytes).toBeLessThan(10_240);
});

test('the tree in docs/architecture.md is that of the project', () => {
  const tree = blocksOf(readPage('docs/architecture.md')).find(({ text }) => text.startsWith('src/\n'))?.text ?? '';
  const above: string[] = [];
  const paths = tree.split('\n').flatMap((line) => {
    const depth = line.search(/\S/) / 2;
    const names = /^\s*((?:[\w.-]+(?:\/|\.ts) ?)+)/.exec(line)?.[1]?.trim().split(' ') ?? [];
    above.splice(depth, above.length, names[0] ?? '');
    return names.map((name) => join(...above.slice(0, depth), name));
  });
  expect(paths.length).toBeGreaterThan(30);
  expect(paths.filter((path) => !existsSync(join(projectRoot, path)))).toEqual([]);
  const rooms = readdirSync(join(projectRoot, 'src')).filter((name) => !name.includes('.'));
  expect(rooms.filter((name) => !paths.includes(join('src', `${name}/`)))).toEqual([]);
});
