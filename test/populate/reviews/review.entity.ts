/** A fourth entity, as a user of Meridian would add one: what a user thinks of a product. */
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { IsBoolean, IsDate, IsInt, IsNotEmpty, IsOptional, IsPositive, Max, MaxLength } from 'class-validator';

@Entity({ tableName: 'reviews' })
export class Review {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  @IsInt()
  @IsPositive()
  id!: number;

  @Property({ type: 'integer' })
  @IsInt()
  userId!: number;

  @Property({ type: 'integer' })
  @IsInt()
  productId!: number;

  @Property({ type: 'integer' })
  @IsInt()
  @IsPositive()
  @Max(5, { message: 'Stars go up to 5' })
  stars!: number;

  @Property({ type: 'text' })
  @IsNotEmpty()
  @MaxLength(1000)
  text!: string;

  @Property({ type: 'datetime' })
  @IsDate()
  writtenAt!: Date;

  @Property({ type: 'boolean', nullable: true })
  @IsOptional()
  @IsBoolean()
  verified: boolean | null = null;
}
