/** One order line. Its user and product live in other databases, so they are ids that no foreign key can hold. */
import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { IsInt, IsNotEmpty, IsPositive, Max } from 'class-validator';

@Entity({ tableName: 'orders' })
export class Order {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  @IsNotEmpty({ message: 'Id cannot be empty' })
  @IsInt({ message: `Id must be a whole number up to ${Number.MAX_SAFE_INTEGER}` })
  @IsPositive({ message: 'Id must be positive' })
  id!: number;

  @Property({ type: 'integer' })
  @Index()
  @IsNotEmpty({ message: 'User id cannot be empty' })
  @IsInt({ message: `User id must be a whole number up to ${Number.MAX_SAFE_INTEGER}` })
  @IsPositive({ message: 'User id must be positive' })
  userId!: number;

  @Property({ type: 'integer' })
  @Index()
  @IsNotEmpty({ message: 'Product id cannot be empty' })
  @IsInt({ message: `Product id must be a whole number up to ${Number.MAX_SAFE_INTEGER}` })
  @IsPositive({ message: 'Product id must be positive' })
  productId!: number;

  @Property({ type: 'integer' })
  @IsNotEmpty({ message: 'Quantity cannot be empty' })
  @IsInt({ message: 'Quantity must be a whole number' })
  @IsPositive({ message: 'Quantity must be positive' })
  @Max(1_000_000_000, { message: 'Quantity can be at most 1,000,000,000' })
  quantity!: number;

  toString(): string {
    return `${this.quantity} of product ${this.productId} for user ${this.userId}`;
  }
}
