/** The documentation uses the words of docs/glossary.md, and none of those that they replace. */
import { expect, test } from '@jest/globals';
import { PAGES, readPage } from '../support/documentation/pages.ts';

const REPLACED: Readonly<Record<string, RegExp>> = {
  'published, reported or logged': /\b(told|untold|tells? of|is to be told)\b/i,
  'sequence number': /\bplaces (assigned|given)|\bgap(less)? places?\b/i,
  'fencing token': /\bfences?\b/i,
  withheld: /\bheld back\b/i,
  'dead-lettered': /\bparked\b/i,
  reverted: /\btak(en|es?) (back )?out\b/i,
  'deferred, restored': /\b(put off|brought back)\b/i,
  restart: /\banew\b/i,
  'repair, fix': /\bmend(s|ed|ing)?\b/i,
  option: /\bwish(es)?\b/i,
  'read-only': /\blooked at\b/i,
  'with retries': /\bpatiently\b/i,
  running: /\bat work\b/i,
  'the caller, another process, no consumer': /\b(somebody|whoever|nobody)\b/i,
  'only usable for': /\bgood for nothing\b/i,
  detected: /\bnotic(es?|ed)\b/i,
};

/** The reference repeats what the sources say. */
const pages = [...PAGES, 'CHANGELOG.md'].filter((page) => !page.startsWith('docs/reference/'));

test.each(pages)('%s', (page) => {
  // messages and names are quoted as the program has them
  const prose = readPage(page)
    .replaceAll(/^```[\s\S]*?^```$/gm, '')
    .replaceAll(/`[^`]*`|“[^”]*”|<!--[\s\S]*?-->/g, '');
  const found = Object.entries(REPLACED).flatMap(([instead, pattern]) =>
    prose
      .split('\n')
      .filter((line) => pattern.test(line))
      .map((line) => `${pattern.exec(line)?.[0]} (say ${instead}): ${line.trim()}`),
  );
  expect(found).toEqual([]);
});
