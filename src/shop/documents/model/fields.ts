/** The types of the known document fields: numbers or text. */

export interface Field {
  readonly holds: 'number' | 'text';
  /** Whether it can be `null` as well. */
  readonly isNullable?: true;
  /** For an amount as text, the field that has it as a number. */
  readonly cents?: string;
}

const NUMBER: Field = { holds: 'number' };
const TEXT: Field = { holds: 'text' };

/** Path -> field type. The fields of details are unknown. */
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
