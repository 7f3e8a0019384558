/** Ways to break a record are made for columns that there are. */
import { expect, test } from '@jest/globals';
import { fieldMutations } from '../../src/generate/mutation.ts';

const { breaking, repeating } = fieldMutations(['id', 'name', 'size']);

test('a mutation changes its own field only', () => {
  const fields = ['1', 'Ada', '5'];
  const mutation = breaking('name', ['isNotEmpty', 'isWord'], () => '');
  mutation.apply(fields, 1, []);
  expect(fields).toEqual(['1', '', '5']);
  expect(mutation.breaks).toEqual([
    { property: 'name', code: 'isNotEmpty' },
    { property: 'name', code: 'isWord' },
  ]);
});

test('a mutation that repeats takes the fields of the earlier record', () => {
  const fields = ['2', 'Bob', '6'];
  repeating(['name', 'size'], undefined, (value) => value.toUpperCase()).apply(fields, 2, ['1', 'Ada', '5']);
  expect(fields).toEqual(['2', 'ADA', '5']);
});

test('an unknown column is rejected', () => {
  expect(() => breaking('nickname', 'isNotEmpty', () => '')).toThrow('There is no column "nickname".');
});
