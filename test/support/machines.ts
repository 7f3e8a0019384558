/** A class and its base class, which are loaded into one table: a robot is a machine, and stands at a station. */
import { Entity, Enum, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import type { DatabaseDeclaration } from '../../src/database/declaration.ts';

@Entity({ tableName: 'owners' })
class Owner {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  id!: number;
}

@Entity({ tableName: 'stations' })
class Station {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  id!: number;

  @Property({ type: 'integer' })
  ownerId!: number;
}

@Entity({ tableName: 'machines', discriminatorColumn: 'kind', discriminatorValue: 'machine' })
class Machine {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  id!: number;

  @Enum({ items: ['machine', 'robot'] })
  kind!: string;

  @ManyToOne({ entity: () => Station })
  station!: Station;
}

@Entity({ discriminatorValue: 'robot' })
class Robot extends Machine {}

/** The class is declared before its base class. */
export const plant: DatabaseDeclaration = {
  name: 'plant',
  entities: [
    { name: 'owner', entity: Owner },
    { name: 'station', entity: Station, references: { ownerId: { database: 'plant', entity: 'owner' } } },
    { name: 'robot', entity: Robot },
    { name: 'machine', entity: Machine },
  ],
};
