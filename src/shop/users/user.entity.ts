/** The users of the shop, in the users database. */
import { Entity, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { IsEmail, IsNotEmpty, IsString, IsVisible, MaxLength } from '../../types.ts';
import { IsIdentifier } from '../rules.ts';

/** A person who can place orders. */
@Entity({ tableName: 'users' })
export class User {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  @IsIdentifier('Id')
  id!: number;

  @Property({ type: 'text' })
  @IsNotEmpty({ message: 'Name cannot be empty' })
  @IsString({ message: 'Name must be text' })
  @MaxLength(100, { message: 'Name can have at most 100 characters' })
  name!: string;

  /** Stored as written; addresses that differ only in ASCII case are equal. */
  @Property({ type: 'text', collation: 'nocase' })
  @Unique()
  @IsNotEmpty({ message: 'Email cannot be empty' })
  @IsString({ message: 'Email must be text' })
  @MaxLength(254, { message: 'Email can have at most 254 characters' })
  @IsEmail({}, { message: 'Email must be a valid address' })
  @IsVisible('Email')
  email!: string;

  toString(): string {
    return `${this.name} <${this.email}>`;
  }
}
