/** No option of any command drops a value without a word. */
import { describe, expect, test } from '@jest/globals';
import type { Command, Option } from 'commander';
import { columnsOf, type PopulateArguments, sourcesOf } from '../../../src/cli/commands/populate.arguments.ts';
import { buildProgram } from '../../../src/cli/program.ts';
import { parse } from '../../support/parse.ts';
import { project } from '../../support/project.ts';

const all = (command: Command, path: readonly string[] = []): (readonly [path: readonly string[], Command])[] => [
  [path, command],
  ...command.commands.flatMap((one) => all(one, [...path, one.name()])),
];
const withValue = all(await buildProgram(project)).flatMap(([path, { options }]) =>
  options.filter(({ required, optional }) => required || optional).map((option) => [path, option] as const),
);

/** Something that the option takes. */
function valueFor({ argChoices = [], parseArg }: Option): string {
  const value = [...argChoices, '1', '1x1', '{}', 'a=1', 'https://meridian.example'].find((text) => {
    try {
      parseArg?.(text, undefined);
      return true;
    } catch {
      return false;
    }
  });
  return value ?? '';
}

async function messageOf(words: readonly string[]): Promise<string> {
  try {
    await parse(words);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

const SEVERAL: ReadonlySet<string> = new Set([
  ...['users', 'products', 'orders'].map((name) => `populate --${name}`),
  'populate --format',
  'populate --map',
  'populate --load',
  ...[
    ...['delimiter', 'encoding', 'quote', 'trim', 'comment', 'skip-lines', 'columns', 'sheet', 'json-path'],
    ...['decimal', 'thousands', 'currency', 'negative', 'null', 'date-format', 'timezone'],
  ].flatMap((name) => [`populate --${name}`, `inspect --${name}`]),
  'inspect --format',
  'inspect --map',
  'serve --run',
  'query --param',
  'query --database',
  ...['regions', 'sync', 'relay run', 'relay pause', 'relay resume', 'relay purge', 'compare', 'resend'].map(
    (name) => `${name} --region`,
  ),
  'order place --item',
  'components set --component',
  'documents find --where',
]);

test.each(withValue.map(([path, option]) => [[...path, option.long ?? ''].join(' '), path, option] as const))(
  '%s given twice',
  async (_, path, option) => {
    const name = option.long ?? '';
    const value = valueFor(option);
    const refusal = `${name} takes one value, and "${value}" and "${value}" are given.`;
    expect(await messageOf([...path, name, value])).not.toContain(refusal);
    const twice = await messageOf([...path, name, value, `${name}=${value}`]);
    if (SEVERAL.has([...path, name].join(' '))) {
      expect(twice).not.toContain(refusal);
    } else {
      expect(twice).toContain(refusal);
    }
  },
);

test('every kind of command is among them', () => {
  const names = withValue.map(([path, { long }]) => [...path, long].join(' '));
  expect(names).toEqual(expect.arrayContaining(['populate --users', 'report sales --by', 'order place --key']));
});

test.each([
  ['the values are named', 'populate --log a.log --log b.log', '"a.log" and "b.log" are given'],
  ['the error is one of usage', 'runs --limit 5 --limit=6', '"5" and "6" are given'],
])('%s', async (_, words, message) => {
  await expect(parse(words.split(' '))).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining(message),
  });
});

test.each(['regions --region boston add albany', 'regions add albany --region boston'])(
  '%s: an option of the command above is not taken for one of its own',
  async (words) => {
    await expect(parse(words.split(' '))).rejects.toMatchObject({
      code: 'usage',
      message: '--region is an option of meridian regions, and meridian regions add does not take it. Leave it out.',
    });
  },
);

test.each(['regions --json add albany', 'regions add albany --json'])('%s: one that both have is', async (words) => {
  expect(await parse(words.split(' '))).toBe('regions add');
});

describe('values of which only one could count', () => {
  const options = (given: Partial<PopulateArguments>): PopulateArguments => ({
    onConflict: 'reject',
    rejects: 'rejects',
    log: 'app.log',
    ...given,
  });

  test.each<[string, Partial<PopulateArguments>, string]>([
    ['two formats for all files', { users: ['a'], format: ['csv', 'tsv'] }, 'twice for all files: csv and tsv'],
    [
      'two for one file',
      { orders: ['a'], format: ['orders=csv', 'orders=csv'] },
      'twice for orders: orders=csv and orders=csv',
    ],
    ['a format without a file', { format: ['csv'] }, '--format csv is for files, and no file is given'],
  ])('%s', (_, given, message) => {
    expect(() => sourcesOf(options(given), project)).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining(message) }),
    );
  });

  test('a format for all and another for one of them go together', () => {
    expect(() =>
      sourcesOf(options({ users: ['a'], orders: ['b'], format: ['csv', 'orders=ndjson'] }), project),
    ).not.toThrow();
  });

  test('two columns of one property', () => {
    expect(() => columnsOf(['users.name=A', 'users.email=B', 'users.name=C'], ['users'], project)).toThrow(
      expect.objectContaining({
        code: 'usage',
        message: '--map names two columns for users.name: "A" and "C". Keep one of them.',
      }),
    );
  });
});
