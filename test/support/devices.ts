/** Classes in one table: a device is a pump, an infusion pump, which is a pump as well, or a monitor. */
import { Entity, Enum, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import type { DatabaseDeclaration } from '../../src/database/declaration.ts';

@Entity({ tableName: 'devices', discriminatorColumn: 'kind', abstract: true })
export abstract class Device {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  id!: number;

  @Enum({ items: ['pump', 'infusion-pump', 'monitor'] })
  kind!: string;

  @Property({ type: 'text', nullable: true, index: true })
  serial!: string | null;
}

@Entity({ discriminatorValue: 'pump' })
export class Pump extends Device {
  @Property({ type: 'integer', nullable: true })
  flow!: number | null;
}

@Entity({ discriminatorValue: 'infusion-pump' })
export class InfusionPump extends Pump {}

@Entity({ discriminatorValue: 'monitor' })
export class Monitor extends Device {
  @Property({ type: 'integer', nullable: true })
  channels!: number | null;
}

/** Refers to rows of one class, and to those of any. */
@Entity({ tableName: 'readings' })
export class Reading {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  id!: number;

  @ManyToOne({ entity: () => Monitor })
  monitor!: Monitor;

  @ManyToOne({ entity: () => Device, nullable: true })
  source!: Device | null;
}

/** Without an entity for the table as a whole. */
export const ward: DatabaseDeclaration = {
  name: 'ward',
  entities: [
    { name: 'pump', entity: Pump },
    { name: 'monitor', entity: Monitor },
    { name: 'reading', entity: Reading },
  ],
  others: [Device, InfusionPump],
};
