/** The sentences about records. */
import { expect, test } from '@jest/globals';
import { entrySentence, reasonSentence } from '../../../src/cli/output/wording.ts';
import type { Entry } from '../../../src/loads/ledger.ts';

const entry: Entry = { number: 1, line: 2, outcome: 'inserted', id: 1, text: 'Alice <a@example.com>', errors: [] };
const errors = [
  { property: 'name', code: 'isNotEmpty', message: 'Name cannot be empty' },
  { property: 'email', code: 'isEmail', message: 'Email must be a valid address' },
];

test.each([
  ['inserted', 'Inserted user 1: Alice <a@example.com>', 'Would insert user 1: Alice <a@example.com>'],
  ['updated', 'Updated user 1: Alice <a@example.com>', 'Would update user 1: Alice <a@example.com>'],
  ['unchanged', 'Unchanged user 1: Alice <a@example.com>', 'Would leave unchanged user 1: Alice <a@example.com>'],
] as const)('%s', (outcome, done, would) => {
  expect(entrySentence('user', { ...entry, outcome })).toBe(done);
  expect(entrySentence('user', { ...entry, outcome }, true)).toBe(would);
});

test('all reasons of a rejection are listed', () => {
  expect(entrySentence('user', { ...entry, outcome: 'rejected', text: '', errors })).toBe(
    'Rejected user 1: Name cannot be empty; Email must be a valid address',
  );
});

test.each([[undefined], [null], [''], [{}], [true]])('without an id (%p) the line is named', (id) => {
  expect(entrySentence('user', { ...entry, id, outcome: 'rejected', errors })).toMatch(/^Rejected user on line 2: /);
});

test.each([
  [0, 'user 0'],
  ['abc', 'user abc'],
])('an id that is not valid is printed as well: %p', (id, printed) => {
  expect(entrySentence('user', { ...entry, id })).toContain(printed);
});

test('a reason is its message, or an example where messages differ', () => {
  const reason = { property: 'productId', code: 'reference', count: 2, message: 'Product 7 does not exist' };
  expect(reasonSentence({ ...reason, same: true })).toBe('Product 7 does not exist');
  expect(reasonSentence({ ...reason, same: false })).toBe('productId: reference, such as: Product 7 does not exist');
  expect(reasonSentence({ ...reason, property: null, same: false })).toMatch(/^record: reference/);
});

test('nothing of a record reaches the terminal raw', () => {
  const sentence = entrySentence('user', { ...entry, id: '\u001b[2J1', text: 'A\u001b[31m\r\nB\u0007' });
  expect(sentence).not.toMatch(/\p{Cc}/u);
  expect(sentence).toContain('user 1');
});

test('a record that is shown by its key is named once', () => {
  expect(entrySentence('depot', { ...entry, id: 'BER', outcome: 'inserted', text: 'Depot BER' })).toBe(
    'Inserted depot BER',
  );
});
