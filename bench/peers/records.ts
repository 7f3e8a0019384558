/** The records as the peers know them: classes with the same class-validator rules as Meridian's entities. */
import 'reflect-metadata';
import {
  IsEmail,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsPositive,
  IsString,
  Max,
  MaxLength,
  validateSync,
} from 'class-validator';
import { IsAmount, IsPositiveAmount, MaxAmount } from '../../src/shared/money/amount.rules.ts';

export class User {
  id!: number;
  name!: string;
  email!: string;
}

export class Product {
  id!: number;
  sku!: string | null;
  name!: string;
  /** Decimal text. */
  price!: string;
}

export class Order {
  id!: number;
  userId!: number;
  productId!: number;
  quantity!: number;
}

// decorators are functions: called like this they need no compiler, and Node runs this file as it is
function rules<T extends object>(entity: new () => T, of: { [P in keyof T]: PropertyDecorator[] }): void {
  for (const property of Object.keys(of) as (keyof T & string)[]) {
    for (const decorate of of[property]) {
      decorate(entity.prototype, property);
    }
  }
}

const id = [IsNotEmpty(), IsInt(), IsPositive()];

rules(User, {
  id,
  name: [IsNotEmpty(), IsString(), MaxLength(100)],
  email: [IsNotEmpty(), IsString(), MaxLength(254), IsEmail()],
});
rules(Product, {
  id,
  sku: [IsOptional(), IsString(), MaxLength(64)],
  name: [IsNotEmpty(), IsString(), MaxLength(100)],
  price: [IsNotEmpty(), IsAmount(), IsPositiveAmount(), MaxAmount('9999999999.99')],
});
rules(Order, {
  id,
  userId: id,
  productId: id,
  quantity: [IsNotEmpty(), IsInt(), IsPositive(), Max(1_000_000_000)],
});

/** Fields of a line, in the order of the file's columns, to a record that is checked. @throws Error if it is not valid */
export const toRecord = {
  users([id, name, email]: readonly string[]): User {
    return checked(Object.assign(new User(), { id: Number(id), name, email }));
  },
  products([id, sku, name, price]: readonly string[]): Product {
    return checked(Object.assign(new Product(), { id: Number(id), sku: sku || null, name, price }));
  },
  orders([id, userId, productId, quantity]: readonly string[]): Order {
    return checked(
      Object.assign(new Order(), {
        id: Number(id),
        userId: Number(userId),
        productId: Number(productId),
        quantity: Number(quantity),
      }),
    );
  },
};

function checked<T extends object>(record: T): T {
  const errors = validateSync(record);
  if (errors.length > 0) {
    throw new Error(`not valid: ${errors.join('; ')}`);
  }
  return record;
}
