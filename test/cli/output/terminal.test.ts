/** What a command writes to the terminal while it works. */
import process from 'node:process';
import { describe, expect, jest, test } from '@jest/globals';
import { Output, print } from '../../../src/cli/output/terminal.ts';
import { replaceEnvironment } from '../../support/environment.ts';

test('a failure that is retried many times a second is reported once, and again at each attempt once attempts are rare', () => {
  const reported: string[] = [];
  const write = jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    reported.push(String(text));
    return true;
  });
  try {
    const output = new Output({ quiet: true });
    for (const [sentence, milliseconds] of [
      ['No.', 40],
      ['No.', 80],
      ['Never.', 160],
      ['No.', 320],
      ['No.', 1280],
      ['No.', 2560],
    ] as const) {
      output.retrying(sentence, milliseconds);
    }
  } finally {
    write.mockRestore();
  }
  expect(reported).toEqual([
    'No. Next attempt in 0.04 s.\n',
    'Never. Next attempt in 0.16 s.\n',
    'No. Next attempt in 0.32 s.\n',
    'No. Next attempt in 1.28 s.\n',
    'No. Next attempt in 2.56 s.\n',
  ]);
});

describe('colours', () => {
  /** What a stream is given. */
  const printed = (
    isTTY: boolean,
    variables: NodeJS.ProcessEnv,
    ...text: [string, 'success' | 'warning' | 'error']
  ) => {
    const restore = replaceEnvironment(variables);
    let all = '';
    const stream = { isTTY, write: (more: string) => (all += more) };
    print(stream as unknown as NodeJS.WritableStream, ...text);
    restore();
    return all;
  };

  test.each([
    ['success', 'boston: equal', '\u001b[32mboston: equal\u001b[39m\n'],
    ['warning', 'Warning: it is late', '\u001b[33mWarning:\u001b[39m it is late\n'],
    ['error', 'Error: no such file', '\u001b[31mError:\u001b[39m no such file\n'],
    ['error', '\u001b[1mbold', '\u001b[31mbold\u001b[39m\n'],
  ] as const)('in a terminal, for %s: %j', (tone, text, expected) => {
    expect(printed(true, { TERM: 'xterm' }, text, tone)).toBe(expected);
    expect(printed(true, { NO_COLOR: '' }, text, tone)).toBe(expected);
  });

  test.each([
    ['a pipe', false, {}],
    ['NO_COLOR', true, { NO_COLOR: '1' }],
    ['a terminal without colours', true, { TERM: 'dumb' }],
  ])('none for %s', (_, isTTY, variables) => {
    expect(printed(isTTY, variables, 'Error: no', 'error')).toBe('Error: no\n');
  });
});
