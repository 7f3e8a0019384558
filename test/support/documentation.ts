/** The pages that explain Meridian, and the commands in them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../src/databases/project.ts';

/** Paths of README.md, CONTRIBUTING.md and the pages in docs/. */
export function documents(): string[] {
  const pages = readdirSync(join(projectRoot, 'docs')).filter((name) => name.endsWith('.md'));
  return [...['README.md', 'CONTRIBUTING.md'], ...pages.map((name) => join('docs', name))].map((name) =>
    join(projectRoot, name),
  );
}

/** What may stand before a command, such as a variable. */
const PREFIX = /^(?:\$ )?(?:[A-Z_]+=\S* )*/;

const START =
  /^(?:npx meridian|npm run (?:-s |--silent )?(?=(?:populate|generate|runs|verify|demo|migrate(?::\w+)?)\b))/;

/**
 * Each `npx meridian …`, and each npm script that is one, in the blocks of shell commands of a page: as words after
 * `meridian`. Alone, which opens the menu, it is none.
 */
export function commandsIn(file: string): string[][] {
  const blocks = [...readFileSync(file, 'utf8').matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
  return blocks
    .flatMap((block) => block.replaceAll('\\\n', ' ').split('\n'))
    .flatMap((line) => line.split(/ && | \| /))
    .map((line) => line.trim().replace(PREFIX, ''))
    .filter((line) => START.test(line))
    .map((line) => wordsOf(line.replace(START, '')).filter((word) => word !== '--'))
    .filter(({ length }) => length > 0);
}

/** As a shell takes them apart. */
export function wordsOf(line: string): string[] {
  const words: string[] = [];
  for (const [, single, double, plain = ''] of line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)) {
    // what stands after it is for people, or for the shell
    if (/^(#|>|<|2>|;)/.test(plain)) {
      break;
    }
    words.push(single ?? double ?? plain);
  }
  return words;
}
