/** A database of several entities that refer to each other: depots, which can be part of others, their parcels, and what happened to these. */
import { Collection, type Ref } from '@mikro-orm/core';
import { Entity, ManyToOne, OneToMany, OneToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { IsDefined, IsInt, IsNotEmpty, IsPositive } from 'class-validator';
import type { DatabaseDeclaration } from '../../../src/database/declaration.ts';

@Entity()
class Depot {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  @IsInt()
  @IsPositive()
  id!: number;

  @Property({ type: 'text' })
  @IsNotEmpty()
  name!: string;

  @ManyToOne({ entity: () => Depot, nullable: true })
  main: Depot | null = null;

  /** Of another database. */
  @Property({ type: 'integer', nullable: true })
  ownerId: number | null = null;

  @OneToMany({ entity: () => Parcel, mappedBy: 'depot' })
  parcels = new Collection<Parcel>(this);
}

@Entity()
class Parcel {
  @PrimaryKey({ type: 'uuid' })
  id!: string;

  @ManyToOne({ entity: () => Depot, inversedBy: 'parcels', ref: true })
  @IsDefined()
  depot!: Ref<Depot>;

  @OneToOne({ entity: () => Parcel, nullable: true, owner: true, mapToPk: true })
  twin: string | null = null;

  toString(): string {
    return `Parcel at ${this.depot.unwrap().name}`;
  }
}

@Entity()
class Scan {
  @ManyToOne({ entity: () => Parcel, primary: true, eager: true })
  parcel!: Parcel;

  @PrimaryKey({ type: 'integer', autoincrement: false })
  number!: number;

  @Property({ type: 'text' })
  place!: string;
}

@Entity()
class Note {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  id!: number;

  @ManyToOne({ entity: () => Scan })
  @IsDefined()
  scan!: Scan;
}

/** In an order in which each comes before those that it refers to. */
export const parcels: DatabaseDeclaration = {
  name: 'parcels',
  entities: [
    { name: 'note', entity: Note },
    { name: 'scan', entity: Scan },
    { name: 'parcel', entity: Parcel },
    { name: 'depot', entity: Depot },
  ],
};

/** The same, where depots have owners among the shop's users. */
export const ownedParcels: DatabaseDeclaration = {
  ...parcels,
  entities: parcels.entities.map((one) =>
    one.name === 'depot' ? { ...one, references: { ownerId: { database: 'users', entity: 'user' } } } : one,
  ),
};

/** A UUID that is easy to read. */
export function uuid(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}
