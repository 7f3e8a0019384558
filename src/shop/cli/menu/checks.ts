/** What the menu says of an answer before it is taken: the very checks of the commands, as sentences. */
import { InvalidArgumentError } from 'commander';
import { wholeNumber } from '../../../cli/options/whole-number.ts';
import { MeridianError } from '../../../shared/errors.ts';
import { readCondition } from '../../documents/condition.ts';
import { newRegionDatabase } from '../../regions/databases.ts';
import { checkLine } from '../../trading/order-request.ts';
import { readDetailsOption } from '../order.command.ts';
import { quantityNumber } from '../quantity.argument.ts';

export type Check = (text: string) => string | undefined;

export const isWholeNumber: Check = sentenceOf(wholeNumber);

/** Of an order or a delivery. */
export const isQuantity: Check = sentenceOf(quantityNumber);

export const isPrice: Check = sentenceOf((text) => checkLine({ productId: 1, quantity: 1, unitPrice: text }));

export const isCountry: Check = sentenceOf((text) => checkLine({ productId: 1, quantity: 1, country: text }));

export const isRegionName: Check = sentenceOf(newRegionDatabase);

/** One JSON object that every document store can keep. */
export const isDetails: Check = sentenceOf(readDetailsOption);

/** On documents. */
export const isCondition: Check = sentenceOf(readCondition);

/** The same, where nothing is an answer as well. */
export function orNothing(check: Check): Check {
  return (text) => (text === '' ? undefined : check(text));
}

/** @param check throws what the commands throw */
export function sentenceOf(check: (text: string) => unknown): Check {
  return (text) => {
    try {
      check(text);
      return undefined;
    } catch (error) {
      if (error instanceof InvalidArgumentError || error instanceof MeridianError) {
        // of one product there is nothing to tell apart, and an option is nothing that was typed here
        return error.message.replace(/^(?:Product 1: |--[a-z-]+ )/, '');
      }
      throw error;
    }
  };
}
