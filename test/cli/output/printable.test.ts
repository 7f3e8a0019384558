/** Text from outside, made safe for a terminal in time that grows with its length. */
import process from 'node:process';
import { describe, expect, jest, test } from '@jest/globals';
import { printable, printableJson, printableLines, withoutControls } from '../../../src/cli/output/printable.ts';
import { renderTable } from '../../../src/cli/output/table.ts';
import { Output } from '../../../src/cli/output/terminal.ts';
import { replaceEnvironment } from '../../support/environment.ts';

// what no terminal should be given: controls but for line breaks and tabs, and what turns the direction of text
const OBEYED = /(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;

const HOSTILE = [
  '\u001b[31mred\u001b[0m',
  '\u009b31mred\u009b0m',
  '\u001b]0;title\u0007text',
  '\u001b]8;;http://x\u001b\\text',
  '\u001bPdevice\u001b\\text',
  '\u001b[unfinished \u0001',
  '\u001b\u001b[0m[31m',
  'a\rb\bc\u0007',
  '\u0085\u009f\u007f',
  '\u202egnp.exe \u2066x',
];

describe('withoutControls', () => {
  test.each(HOSTILE)('%j', (text) => {
    expect(withoutControls(text)).not.toMatch(OBEYED);
    expect(withoutControls(`before\n${text}\n\tafter`)).toMatch(/^before\n[^\n]*\n\tafter$/);
  });

  test('what stands beside a sequence stays', () => {
    expect(withoutControls('\u001b[31mred\u001b[0m and \u001b]0;title\u0007blue')).toBe('red and blue');
    expect(withoutControls('a\u001bcb')).toBe('a\ufffdcb');
    expect(withoutControls('\u001b]0;a title without end')).toBe('\ufffd]0;a title without end');
  });

  test('text of any length is whole', () => {
    expect(withoutControls('x'.repeat(100_000))).toHaveLength(100_000);
  });

  // some of these take half an hour where every character that may begin a sequence is followed to the end of the text
  test.each(['\u001b', '\u001b]', '\u009d', '\u001b];', ']\u001b\u001b', '\u001b[0', '\u009b!', '-\u001b]/'])(
    'a million characters of %j',
    (text) => {
      const hostile = text.repeat(1_000_000 / text.length);
      expect(OBEYED.test(withoutControls(hostile))).toBe(false);
      expect(OBEYED.test(printable(hostile, 10_000))).toBe(false);
    },
  );
});

test('a line stays one line, a message keeps its lines', () => {
  expect(printable('a\nb')).toBe('a\ufffdb');
  expect(printableLines('a\u001b[1m\nb')).toBe('a\nb');
});

test('JSON holds nothing that a terminal obeys, and says the same', () => {
  const value = { text: HOSTILE.join(' '), none: null };
  expect(printableJson(value)).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
  expect(JSON.parse(printableJson(value))).toEqual(value);
});

test('whatever a command says, no terminal obeys it', () => {
  const written: string[] = [];
  const restore = replaceEnvironment({ ...process.env, NO_COLOR: '1' });
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    jest.spyOn(process[name], 'write').mockImplementation((text) => {
      written.push(String(text));
      return true;
    }),
  );
  try {
    const output = new Output({ verbose: true });
    for (const text of HOSTILE) {
      output.say(text);
      output.note(text);
      output.complain(text);
      output.fail(new Error(text));
      output.retrying(text, 2000);
      output.say(renderTable([text], [[text], [{ figure: text }]]));
    }
  } finally {
    restore();
    for (const spy of spies) {
      spy.mockRestore();
    }
  }
  expect(written).toHaveLength(HOSTILE.length * 7);
  expect(written.filter((text) => OBEYED.test(text))).toEqual([]);
});

describe('printable', () => {
  test.each([
    ['plain text', 'Łukasz, 東京, 👍', 'Łukasz, 東京, 👍'],
    ['colours', '\u001b[31mred\u001b[0m', 'red'],
    ['a window title', '\u001b]0;title\u0007text', 'text'],
    ['line breaks', 'a\nb\r\nc', 'a\ufffdb\ufffd\ufffdc'],
    ['a lone escape, NUL and DEL', 'a\u001b\u0000\u007fb', 'a\ufffd\ufffd\ufffdb'],
  ])('%s', (_, text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  test('text of 200 characters stays, longer text is cut', () => {
    expect(printable('x'.repeat(200))).toBe('x'.repeat(200));
    expect(printable('x'.repeat(201))).toBe(`${'x'.repeat(200)}…`);
    expect(printable('x'.repeat(1_000_000))).toHaveLength(201);
  });

  test('text that is cut after many control sequences says so', () => {
    expect(printable(`${'\u001b[31m'.repeat(100)}Alice`)).toMatch(/Alice|…$/);
  });

  test('no character is cut in two', () => {
    expect(printable(`x${'👍'.repeat(150)}`).isWellFormed()).toBe(true);
  });
});
