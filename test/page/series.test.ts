/** Figures over time. */
import { expect, test } from '@jest/globals';
import { linesOf, mostOf, pointsOf, ratesOf, spanOf } from '../../src/page/frame/series.ts';

const points = [
  { at: 0, value: 0 },
  { at: 25, value: 2 },
  { at: 50, value: null },
  { at: 75, value: 4 },
];

test('a value holds until the next one, and a line has a gap where none is known', () => {
  const size = { width: 100, height: 10 };
  expect(linesOf(points, { from: 0, to: 100 }, size)).toEqual(['0,10 25,10 25,5 50,5', '75,0 100,0']);
  expect(linesOf([], { from: 0, to: 100 }, size)).toEqual([]);
  expect(linesOf(points, { from: 60, to: 100 }, size)).toEqual(['37.5,0 100,0']);
  expect([mostOf(points), mostOf([])]).toEqual([4, 0]);
});

test('a chart covers the time since the page was opened, half a minute at least and ten minutes at most', () => {
  expect(spanOf([], 1000)).toEqual({ from: -29_000, to: 1000 });
  expect(spanOf(points, 100_000)).toEqual({ from: 0, to: 100_000 });
  expect(spanOf(points, 700_000)).toEqual({ from: 100_000, to: 700_000 });
});

test('a rate is known where the count is known before and after, and has not begun anew', () => {
  const counts = [
    { at: 0, value: 10 },
    { at: 40, value: 30 },
    { at: 80, value: 5 },
  ];
  expect(ratesOf(counts, { from: 0, to: 100 }, 2, 1000).map(({ value }) => value)).toEqual([400, null]);
  expect(ratesOf([], { from: 0, to: 100 }, 1, 1000)).toEqual([{ at: 0, value: null }]);
  expect(pointsOf([{ at: 1, value: { count: 7 } }], () => 7)).toEqual([{ at: 1, value: 7 }]);
});
