/** The limits of values in orders, stock and documents: of entities, of events and of the document store alike. */
import { maxLength } from 'class-validator';

/** Of a name, a country or a key: characters as they are shown, so that an emoji is one. */
export const MAX_TEXT_CHARACTERS = 100;

/** Pieces of one product. */
export const MAX_QUANTITY = 1_000_000_000;

/** Of one piece. */
export const MAX_PRICE = '9999999999.99';

/** Different products that one order can have: lines of its document. */
export const MAX_PRODUCTS = 100;

/** Whether every engine can hold a text as it is. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/** Whether a text is not longer than a name can be. */
export function isShort(text: string): boolean {
  return maxLength(text, MAX_TEXT_CHARACTERS);
}
