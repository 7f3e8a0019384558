/** The class-validator rules of values in events, shared by all entities that have such values. */
import {
  IsAmount,
  IsInt,
  IsNotEmpty,
  IsNotNegativeAmount,
  IsPositive,
  Max,
  MaxAmount,
  MaxLength,
  Min,
  ValidateValue,
} from '../types.ts';
import { isStorable, MAX_PRICE, MAX_QUANTITY, MAX_TEXT_CHARACTERS } from './limits.ts';

const MAX_INTEGER = Number.MAX_SAFE_INTEGER;

/** @param name the name at the beginning of messages: `User id` */
export function IsIdentifier(name: string): PropertyDecorator {
  return all(
    IsNotEmpty({ message: `${name} cannot be empty` }),
    ValidateValue(
      { name: 'isInt', validate: Number.isSafeInteger },
      { message: `${name} must be a whole number up to ${MAX_INTEGER}` },
    ),
    IsPositive({ message: `${name} must be positive` }),
  );
}

/** The number of pieces in an order. */
export function IsQuantity(): PropertyDecorator {
  return all(
    IsNotEmpty({ message: 'Quantity cannot be empty' }),
    IsInt({ message: 'Quantity must be a whole number' }),
    IsPositive({ message: 'Quantity must be positive' }),
    Max(MAX_QUANTITY, { message: `Quantity can be at most ${MAX_QUANTITY.toLocaleString('en')}` }),
  );
}

/** The number of pieces in stock. */
export function IsOnHand(): PropertyDecorator {
  return all(
    IsInt({ message: 'On hand must be a whole number' }),
    Min(0, { message: 'On hand cannot be negative' }),
    Max(MAX_INTEGER, { message: `On hand can be at most ${MAX_INTEGER}` }),
  );
}

/** A unit price as decimal text. */
export function IsUnitPrice(): PropertyDecorator {
  const most = Number(MAX_PRICE).toLocaleString('en', { minimumFractionDigits: 2 });
  return all(
    IsAmount({ message: 'Unit price must be a decimal number with at most two decimals' }),
    IsNotNegativeAmount({ message: 'Unit price cannot be negative' }),
    MaxAmount(MAX_PRICE, { message: `Unit price can be at most ${most}` }),
  );
}

/** A name, a country or a key. The rule accepts an empty text. */
export function IsShortText(name: string): PropertyDecorator {
  return all(
    ValidateValue(
      { name: 'isString', validate: (value) => typeof value === 'string' && isStorable(value) },
      {
        message: ({ value }) =>
          typeof value === 'string'
            ? `${name} holds a character that not every database can keep`
            : `${name} must be text`,
      },
    ),
    MaxLength(MAX_TEXT_CHARACTERS, { message: `${name} can have at most ${MAX_TEXT_CHARACTERS} characters` }),
  );
}

/** Combines decorators, in the order in which they would be written above a property. */
function all(...decorators: readonly PropertyDecorator[]): PropertyDecorator {
  return (target, property) => {
    for (const decorate of decorators.toReversed()) {
      decorate(target, property);
    }
  };
}
