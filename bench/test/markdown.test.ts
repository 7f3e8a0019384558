import assert from 'node:assert/strict';
import { test } from 'node:test';
import { megabytes, percent, seconds, table, whole } from '../markdown.ts';

test('figures are rounded for people', () => {
  assert.equal(whole(1234567.8), '1,234,568');
  assert.equal(percent(0.049), '5 %');
  assert.equal(seconds(2.005001), '2.01');
  assert.equal(megabytes(123_456_789), '123');
  assert.equal(megabytes(undefined), '–');
});

test('a table aligns numbers to the right, and no cell can break it', () => {
  assert.equal(table(['name', 's'], [['a|b', '1.0']], [false, true]), '| name | s |\n| --- | ---: |\n| a\\|b | 1.0 |');
});
