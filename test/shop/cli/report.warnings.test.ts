/** What is said beside the figures of a report. */
import { expect, test } from '@jest/globals';
import type { RegionCompleteness } from '../../../src/shop/central/reports/completeness.ts';
import { formatSeconds, incompletenessOf, noteSentences } from '../../../src/shop/cli/report.warnings.ts';

const region = (more: Partial<RegionCompleteness>): RegionCompleteness => ({
  region: 'boston',
  progress: null,
  missingEvents: 0,
  lagSeconds: null,
  parkedEvents: 0,
  failingEvents: 0,
  isUnreachable: false,
  ...more,
});

test('why the figures of a region are incomplete', () => {
  const lines = incompletenessOf([
    region({ missingEvents: 12, lagSeconds: 40 }),
    region({ region: 'austin' }),
    region({ region: 'denver', parkedEvents: 2 }),
    region({ region: 'reno', missingEvents: 1200, parkedEvents: 1, failingEvents: 1 }),
    region({ region: 'seattle', isUnreachable: true }),
  ]);
  expect(lines).toEqual([
    'boston: 12 events not yet in central (oldest 40 s)',
    'denver: 2 dead letters: npx meridian dead-letters list',
    'reno: 1,200 events not yet in central; 1 dead letter: npx meridian dead-letters list; ' +
      '1 event that cannot be applied, retrying: npx meridian dead-letters list',
    'seattle: its database cannot be read, so more may be missing',
  ]);
});

test('what is not counted, or only in part', () => {
  expect(noteSentences({ pendingOrders: 0, unpricedOrders: 0, undatedOrders: 0 })).toEqual([]);
  expect(noteSentences({ pendingOrders: 1, unpricedOrders: 2000, undatedOrders: 3 })).toEqual([
    'Not counted: 1 pending order: npx meridian verify --repair confirms or cancels what is pending.',
    'Without a unit price: 2,000 orders, counted with their units, without revenue.',
    'Left out: 3 orders without a time, which --from and --to cannot place.',
  ]);
});

test.each([
  [0, '0 s'],
  [119, '119 s'],
  [120, '2 min'],
  [7199, '119 min'],
  [7200, '2 h'],
  [200_000, '2 d'],
])('%i seconds are %s', (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text);
});
