/** What the page says of regions and reports. */
import { expect, test } from '@jest/globals';
import { appliedIn, appliedOf, centralVerdict, documentsVerdict } from '../../../src/shop/page/central-state.ts';
import { columnText, discardSentence, retrySentence } from '../../../src/shop/page/dead-letter.ts';
import { figuresOf, type RegionState, regionVerdict } from '../../../src/shop/page/region-state.ts';
import { barsOf, columnTitle, figureText, leftOutOf } from '../../../src/shop/page/report-chart.ts';

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
  isDisconnected: false,
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
    'Its relay is paused: 1 event, the oldest from 1 min 30 s ago. Resume it to ship it.',
  );
  expect(regionVerdict('boston', { ...REGION, isDisconnected: true, lastError: 'transport' })).toEqual({
    health: 'behind',
    advice: 'It is disconnected from central. Reconnect it.',
  });
  expect(regionVerdict('boston', REGION, { epoch: 1, seq: 2, headSeq: 2, deadLetters: 2 })).toEqual({
    health: 'failing',
    advice: '2 events are dead-lettered, and central lacks them. Retry or discard them under Dead letters.',
  });
});

test('central and the document store are well, behind, failing, missing or unknown', () => {
  const central = { isThere: true, regions: {}, waitingDocuments: 0, refusedDocuments: 0 };
  const boston = { epoch: 1, seq: 5, headSeq: 5, deadLetters: 0 };
  const of = (given: object) => centralVerdict({ value: { ...central, ...given } });
  expect([centralVerdict({}).health, centralVerdict({ error: 'It is locked.' })]).toEqual([
    'unknown',
    { health: 'unknown', advice: 'It is locked.' },
  ]);
  expect([of({}).health, of({ isThere: false }).health]).toEqual(['well', 'missing']);
  expect(of({ regions: { boston: { ...boston, headSeq: 6 } } }).advice).toBe('Events of boston are on their way.');
  const failing = (deadLetters: number) => of({ regions: { boston: { ...boston, deadLetters } } });
  expect([1, 2].map((deadLetters) => failing(deadLetters).advice)).toEqual([
    'It could not apply 1 event. Retry or discard it under Dead letters.',
    'It could not apply 2 events. Retry or discard them under Dead letters.',
  ]);
  expect(failing(1).health).toBe('failing');
  const store = { isThere: true, documents: 3, componentLists: 0, error: null };
  const documents = (given: object, waiting = {}) =>
    documentsVerdict({ value: { store: { ...store, ...given } } }, { ...central, ...waiting });
  expect(documents({}).health).toBe('well');
  expect(documents({ isThere: false }).health).toBe('missing');
  expect(documents({ error: 'MongoDB is down.' })).toEqual({ health: 'failing', advice: 'MongoDB is down.' });
  expect(documents({}, { waitingDocuments: 2 }).health).toBe('behind');
  expect(documents({}, { refusedDocuments: 1 }).advice).toContain('does not take 1 document');
  expect(documentsVerdict({}, undefined).health).toBe('unknown');
});

test('the effect of a dead letter is said before it is retried or discarded', () => {
  const event = {
    aggregate: 'order',
    aggregateId: 9,
    aggregateVersion: 1,
    type: 'placed',
    payload: '{}',
    occurredAt: '',
  };
  const letter = { id: 1, region: 'boston', epoch: 1, seq: 4, error: '', attempts: 5, parkedAt: null, event };
  const row = { id: 9, quantity: 2, unit_price_cents: 150 };
  const refused = { result: 'refused', reason: 'Quantity must be positive', central: null, after: null } as const;
  expect(retrySentence(letter, refused)).toBe('order 9 placed is refused again: Quantity must be positive.');
  const applied = { result: 'applied', reason: null, central: null, after: row, region: row } as const;
  expect(retrySentence(letter, applied)).toBe('order 9 comes into central.');
  const older = { ...row, unit_price_cents: 100 };
  expect(retrySentence(letter, { ...applied, central: older })).toBe('order 9 changes in central: unit price.');
  expect(retrySentence(letter, { ...applied, central: row })).toContain('stays as it is');
  expect(retrySentence(letter, { ...applied, after: null })).toBe('order 9 placed is applied.');
  expect(retrySentence(letter, { ...applied, result: 'gone' })).toBe('order 9 placed is no dead letter any more.');
  expect(discardSentence(letter, applied)).toBe(
    'Central stays without order 9, and differs from boston until a newer event of it comes, or boston is sent again.',
  );
  expect(discardSentence(letter, { ...applied, central: row })).toBe(
    'Central keeps order 9 as it is, which is what boston has.',
  );
  expect(discardSentence(letter, refused)).toContain('what boston has is unknown');
  expect([5, 1234, null].map((cents) => columnText('unit_price_cents', cents))).toEqual(['0.05', '12.34', '']);
});

test('a figure over time has a gap where it was not known', () => {
  const states = [{ regions: { boston: REGION } }, { error: 'down' }, { regions: { boston: null } }, undefined];
  const history = states.map((value, at) => ({ at, value }));
  expect(figuresOf(history, 'boston', 'orders').map(({ value }) => value)).toEqual([5, null, null, null]);
  const central = { regions: { boston: { seq: 3 }, denver: { seq: 4 } } };
  const seen = [central, { error: 'down' }].map((value, at) => ({ at, value }));
  expect(appliedOf(seen).map(({ value }) => value)).toEqual([7, null]);
  expect(appliedIn({ regions: { boston: { epoch: 1, seq: 3, headSeq: 3, deadLetters: 0 } } })).toBe(3);
  expect(appliedOf(seen, 'denver').map(({ value }) => value)).toEqual([4, null]);
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

test('a chart has the newest days and the greatest of other rows, and says what it leaves out', () => {
  const days = Array.from({ length: 30 }, (_, index) => ({ day: `2026-01-${index + 1}`, revenue: `${index}.00` }));
  expect(barsOf(days).at(-1)?.label).toBe('2026-01-30');
  expect(leftOutOf(days)).toBe('The chart has the last 20 of 30 days.');
  const rows = days.map(({ day, revenue }) => ({ country: day, revenue }));
  expect(barsOf(rows)[0]?.label).toBe('2026-01-30');
  expect(leftOutOf(rows)).toBe('The chart has the 20 greatest of 30 rows.');
  expect(leftOutOf(rows.slice(10))).toBeUndefined();
});

test('a report has the figures and titles that a person writes', () => {
  expect(figureText('revenue', '1234567.50')).toBe('1,234,567.50');
  expect(figureText('value', '-1234.50')).toBe('-1,234.50');
  expect(figureText('orders', 1234)).toBe('1,234');
  expect(figureText('product', 12_345)).toBe('12345');
  expect(columnTitle('unitPrice')).toBe('unit price');
  expect(columnTitle('parkedEvents')).toBe('dead letters');
});
