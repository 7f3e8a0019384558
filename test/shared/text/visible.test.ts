/** Invisible characters in text: how they are found, shown and removed. */
import { expect, test } from '@jest/globals';
import { invisibleIn, quoted, shown, withoutInvisible } from '../../../src/shared/text/visible.ts';

test.each([
  ['a\u200bb', 'U+200B', 'a\\u200bb', 'ab'],
  ['\ufeffa', 'U+FEFF', '\\ufeffa', 'a'],
  ['a\u00ad', 'U+00AD', 'a\\u00ad', 'a'],
  ['a\u202eb', 'U+202E', 'a\\u202eb', 'ab'],
  ['a\0', 'U+0000', 'a\\u0000', 'a'],
  ['a\u{e0041}', 'U+E0041', 'a\\u{e0041}', 'a'],
  ['❤\ufe0f', 'U+FE0F', '❤\\ufe0f', '❤'],
  // looks like a plain space, and stays, since it is white space
  ['a\u00a0b', 'U+00A0', 'a\\u00a0b', 'a\u00a0b'],
  ['a\u3000b', 'U+3000', 'a\\u3000b', 'a\u3000b'],
  ['a\tb', 'U+0009', 'a\\u0009b', 'ab'],
])('%j holds %s', (text, invisible, shownText, without) => {
  expect(invisibleIn(text)).toBe(invisible);
  expect(shown(text)).toBe(shownText);
  expect(withoutInvisible(text)).toBe(without);
});

test.each(['', 'a b', 'Zoë', '漢字', 'שלום', '😀', 'a-b_c'])('%j holds nothing that cannot be seen', (text) => {
  expect(invisibleIn(text)).toBeUndefined();
  expect(shown(text)).toBe(text);
  expect(withoutInvisible(text)).toBe(text);
});

test('long text is shortened, and never ends in half a character', () => {
  expect(quoted('n'.repeat(60))).toBe(`"${'n'.repeat(60)}"`);
  expect(quoted('n'.repeat(61))).toBe(`"${'n'.repeat(60)}…"`);
  expect(quoted(`${'n'.repeat(59)}😀😀`)).toBe(`"${'n'.repeat(59)}\ufffd…"`);
  expect(quoted('\ud83d').isWellFormed()).toBe(true);
});
