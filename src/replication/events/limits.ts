/**
 * The limits of what events and documents carry, for whoever writes them and whoever reads them: what a region accepts, central and
 * the document store can take.
 */
import { maxLength } from 'class-validator';

/** Of a name, a country or a key: characters as they are shown, so that an emoji is one. */
export const MAX_TEXT_CHARACTERS = 100;

/** Pieces of one product. */
export const MAX_QUANTITY = 1_000_000_000;

/** Of one piece. */
export const MAX_PRICE = '9999999999.99';

/** Different products that one order can have: lines of its document. */
export const MAX_PRODUCTS = 100;

/** Of the JSON of an event, in UTF-8: more than the document of an order has that reaches all other limits. */
export const MAX_PAYLOAD_BYTES = 131_072;

/** Objects and lists within each other, in the JSON of an event: more than details may have. */
export const MAX_PAYLOAD_DEPTH = 64;

/** Whether every engine can hold a text as it is. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/** Whether a text is not longer than a name can be. */
export function isShort(text: string): boolean {
  return maxLength(text, MAX_TEXT_CHARACTERS);
}
