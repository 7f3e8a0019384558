/** What is known beforehand of the fields of a document: which of them hold numbers, and which text. */

export interface Field {
  readonly holds: 'number' | 'text';
  /** Whether it can be `null` as well. */
  readonly isNullable?: true;
  /** An amount as text, and the field that has it as a number. */
  readonly cents?: string;
}

const NUMBER: Field = { holds: 'number' };
const TEXT: Field = { holds: 'text' };

/** By path; of what is in the details nothing is known. */
export const FIELDS: ReadonlyMap<string, Field> = new Map<string, Field>([
  ['id', TEXT],
  ['region', TEXT],
  ['userId', NUMBER],
  ['placedAt', TEXT],
  ['country', { ...TEXT, isNullable: true }],
  ['total', { ...TEXT, cents: 'totalCents' }],
  ['totalCents', { ...NUMBER, isNullable: true }],
  ['lines.orderId', NUMBER],
  ['lines.productId', NUMBER],
  ['lines.name', { ...TEXT, isNullable: true }],
  ['lines.quantity', NUMBER],
  ['lines.unitPrice', { ...TEXT, cents: 'lines.unitPriceCents' }],
  ['lines.unitPriceCents', { ...NUMBER, isNullable: true }],
]);
