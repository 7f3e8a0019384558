import { expect, test } from '@jest/globals';
import { copyingRows, takeCopiedRows } from '../../../src/database/patches/copied-rows.ts';

test('parameters of a statement that copies rows give them once', () => {
  const parameters = copyingRows(['1\tAlice\n']);
  expect(parameters).toEqual([]);
  expect(takeCopiedRows(parameters)).toEqual(['1\tAlice\n']);
  expect(() => takeCopiedRows(parameters)).toThrow('its rows are gone');
});

test('other parameters hold no rows', () => {
  expect(takeCopiedRows([])).toBeUndefined();
});
