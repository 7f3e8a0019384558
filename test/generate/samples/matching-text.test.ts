/** Texts that the patterns of rules match. */
import { expect, test } from '@jest/globals';
import { matchingText } from '../../../src/generate/samples/matching-text.ts';

test.each([
  [/^[A-Z]{3}$/, 'AAB'],
  [/^[A-Z]{2}-\d{4}$/, 'AB-0001'],
  [/^(?:SE|NO)\d+$/, 'SE001'],
  [/^a(b|c)?d*e.$/, 'adddea'],
  [/^[\w.+-]+@example\.com$/i, 'aab@example.com'],
  [/^[a-f\d]{2,}$/, 'ab'],
  [/^\S$/, undefined],
  [/^[^a]$/, undefined],
  [/^(?=a)a$/, undefined],
  [/^(a)\1$/, undefined],
  [/^[A-Z]{3}(?!X)$/, undefined],
])('%p: %p', (pattern, expected) => {
  expect(matchingText(pattern, 1)).toBe(expected);
});

test('another number gives another text', () => {
  expect([1, 2, 3].map((number) => matchingText(/^[A-Z]{3}$/, number))).toEqual(['AAB', 'AAC', 'AAD']);
});
