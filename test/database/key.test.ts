import { expect, test } from '@jest/globals';
import { keyOf } from '../../src/database/key.ts';

test('the key of one property is its value', () => {
  const key = keyOf(['id']);
  expect(key.of({ id: 7, name: 'Mug' })).toBe(7);
  expect(key.of({ id: null })).toBeUndefined();
  expect(key.rowOf(7)).toEqual({ id: 7 });
  expect(key.shown(7)).toBe(7);
});

test('the key of several properties is one text, from which the values are read again', () => {
  const key = keyOf(['order', 'at', 'code']);
  const row = { order: 9_007_199_254_740_993n, at: new Date('2026-01-02T03:04:05Z'), code: 'a", b' };
  expect(key.rowOf(key.of({ ...row, more: 1 }))).toEqual(row);
  expect(key.shown(key.of(row))).toBe('9007199254740993, 2026-01-02T03:04:05.000Z, a", b');
  expect(key.of({ ...row, code: null })).toBeUndefined();
  expect(key.shown(undefined)).toBeUndefined();
});

test('different values are different keys', () => {
  const key = keyOf(['a', 'b']);
  expect(key.of({ a: 1, b: '2' })).not.toBe(key.of({ a: '1', b: 2 }));
  expect(key.of({ a: 'x,y', b: 'z' })).not.toBe(key.of({ a: 'x', b: 'y,z' }));
});
