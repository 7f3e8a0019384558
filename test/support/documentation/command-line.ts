/** Which command of Meridian a line of shell starts. */
import { blocksOf, commandsOf, readPage } from './pages.ts';

/** What may stand before a command, such as a variable. */
const PREFIX = /^(?:\$ )?(?:[A-Z_]+=\S* )*/;

const START =
  /^(?:npx meridian|npm run (?:-s |--silent )?(?=(?:populate|generate|runs|verify|demo|migrate(?::\w+)?)\b))/;

/**
 * Each `npx meridian …`, and each npm script that is one, in the shell blocks of a page: as words after
 * `meridian`. Alone, which opens the menu, it is none.
 */
export function meridianCommandsIn(page: string): (readonly string[])[] {
  return blocksOf(readPage(page))
    .filter(({ info }) => info === 'sh')
    .flatMap(commandsOf)
    .flatMap(({ text }) => text.replaceAll('\\\n', ' ').split('\n'))
    .flatMap((line) => line.split(/ && | \| /))
    .map(commandIn)
    .filter(({ args }) => args.length > 0)
    .map(({ args }) => args);
}

export interface Command {
  /** After `meridian`; none where the line starts something else. */
  readonly args: readonly string[];
  /** Variables that stand before it. */
  readonly env: Readonly<Record<string, string>>;
}

/** What a line starts. */
export function commandIn(line: string): Command {
  const [prefix = ''] = PREFIX.exec(line.trim()) ?? [];
  const command = line.trim().slice(prefix.length);
  return {
    args: START.test(command) ? wordsOf(command.replace(START, '')).filter((word) => word !== '--') : [],
    env: Object.fromEntries([...prefix.matchAll(/([A-Z_]+)=(\S*)/g)].map(([, name = '', value = '']) => [name, value])),
  };
}

/** As a shell takes them apart. */
function wordsOf(line: string): string[] {
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
