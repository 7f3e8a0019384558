/** The limits of values in orders, stock and documents, for entities, events and the document store. */
import { maxLength } from 'class-validator';

/** The maximum length of a name, a country or a key, in displayed characters: an emoji counts as one. */
export const MAX_TEXT_CHARACTERS = 100;

/** The maximum number of pieces of a product. */
export const MAX_QUANTITY = 1_000_000_000;

/** The maximum unit price. */
export const MAX_PRICE = '9999999999.99';

/** The maximum number of different products of an order, which are the lines of its document. */
export const MAX_PRODUCTS = 100;

/** Whether every engine can store a text without changing it. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/** Whether a text is within the maximum length. */
export function isShort(text: string): boolean {
  return maxLength(text, MAX_TEXT_CHARACTERS);
}
