/** What the page says of regions and reports. */
import { expect, test } from '@jest/globals';
import { figuresOf, type RegionState, regionVerdict } from '../../../src/shop/page/region-state.ts';
import { barsOf } from '../../../src/shop/page/report-chart.ts';

const REGION: RegionState = {
  orders: 5,
  pending: 0,
  products: 1,
  onHand: 20,
  unshipped: 0,
  held: 0,
  lagSeconds: 0,
  relay: 'idle',
  epoch: 1,
  ackedSeq: 9,
  lastError: null,
};

test('a region is well, behind, failing, missing or unknown, with what to do', () => {
  const health = (given: Partial<RegionState>) => regionVerdict('boston', { ...REGION, ...given }).health;
  expect(health({})).toBe('well');
  expect(health({ unshipped: 2, lagSeconds: 5 })).toBe('well');
  expect(health({ unshipped: 2, lagSeconds: 60 })).toBe('behind');
  expect(health({ relay: 'paused' })).toBe('behind');
  expect(health({ held: 3 })).toBe('behind');
  expect(health({ lastError: 'NATS is down' })).toBe('failing');
  expect(regionVerdict('boston', null).health).toBe('missing');
  expect(regionVerdict('boston', { error: 'It is locked.' })).toEqual({ health: 'unknown', advice: 'It is locked.' });
  expect(regionVerdict('boston', { ...REGION, relay: 'paused', unshipped: 1, lagSeconds: 90 }).advice).toBe(
    'Its relay is paused: 1 event, the oldest from 1 min 30 s ago. Resume it to ship them.',
  );
});

test('a figure over time has a gap where it was not known', () => {
  const history = [{ regions: { boston: REGION } }, { error: 'down' }, { regions: { boston: null } }];
  expect(figuresOf(history, 'boston', 'orders')).toEqual([5, null, null]);
});

test('a chart compares the money of a report', () => {
  expect(
    barsOf([
      { region: 'boston', revenue: '10.00' },
      { region: 'denver', revenue: '2.50' },
    ]),
  ).toEqual([
    { label: 'boston', value: 10, text: '10.00', share: 1 },
    { label: 'denver', value: 2.5, text: '2.50', share: 0.25 },
  ]);
  expect(barsOf([{ product: 3, revenue: null }])).toEqual([
    { label: 'product 3', value: 0, text: 'unknown', share: 0 },
  ]);
  expect(barsOf([{ region: 'boston', seq: 3 }])).toEqual([]);
  expect(barsOf([])).toEqual([]);
});
