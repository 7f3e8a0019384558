/** Samples are valid records, whose references and relations hold. */

import { afterEach, expect, test } from '@jest/globals';
import { EntitySchema } from '@mikro-orm/core';
import { Entity, Enum, ManyToOne, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { IsEmail, IsIn, IsUrl, Length, Matches, Max, Min } from 'class-validator';
import { declare } from '../../../src/config/declare.ts';
import type { DatabasesConfig } from '../../../src/config/types.ts';
import { Database } from '../../../src/database/database.ts';
import { tablesOf } from '../../../src/database/table.ts';
import { samplesOf } from '../../../src/generate/samples/samples.ts';
import { Device, InfusionPump, Monitor, Pump, Reading } from '../../support/devices.ts';

@Entity()
class Team {
  @PrimaryKey({ type: 'string', length: 3 })
  @Matches(/^[A-Z]{3}$/)
  code!: string;
}

@Entity()
class Customer {
  @PrimaryKey({ type: 'uuid' })
  id!: string;
  @Property({ type: 'string' })
  @Unique()
  @IsEmail()
  email!: string;
  @Property({ type: 'string' })
  @IsUrl({ require_protocol: true })
  page!: string;
  @Property({ type: 'integer' })
  @Min(18)
  @Max(25)
  age!: number;
  @Property({ type: 'string', nullable: true })
  @Length(2, 2)
  language?: string;
  @Enum({ items: ['private', 'company'] })
  kind!: string;
  @Property({ type: 'string' })
  @IsIn(['low', 'high'])
  priority!: string;
  @ManyToOne({ entity: () => Team })
  team!: Team;
  @ManyToOne({ entity: () => Customer, nullable: true })
  parent?: Customer;
}

const Shipment = new EntitySchema<{
  id: bigint;
  customerId: string;
  weight: string;
  at: Date;
  on: string;
  time: string;
  ok: boolean;
  data: object;
  photo: Uint8Array;
  tags: string[];
}>({
  name: 'Shipment',
  properties: {
    id: { type: 'bigint', primary: true },
    customerId: { type: 'uuid' },
    weight: { type: 'decimal', precision: 8, scale: 3 },
    at: { type: 'datetime' },
    on: { type: 'date' },
    time: { type: 'time' },
    ok: { type: 'boolean' },
    data: { type: 'json' },
    photo: { type: 'blob' },
    tags: { type: 'array' },
  },
});

const databases: Database[] = [];

afterEach(async () => {
  await Promise.all(databases.splice(0).map((database) => database.close()));
});

/** Table -> its sample. */
async function samples(config: DatabasesConfig) {
  for (const [name, database] of Object.entries(config)) {
    databases.push(await Database.unconnected(declare(name, database, '/p'), { create: false }));
  }
  const made = samplesOf(databases.flatMap(tablesOf));
  return Object.fromEntries([...made].map(([{ name }, sample]) => [name, sample]));
}

test('values follow rules, columns, references and relations', async () => {
  const made = await samples({
    customers: { entities: { customer: Customer, team: Team } },
    shipments: { entities: { shipment: { entity: Shipment, references: { customerId: 'customers.customer' } } } },
  });
  expect(made['customers.team']?.rows.map(({ code }) => code)).toEqual(['AAB', 'AAC', 'AAD']);
  expect(made['customers.customer']?.rows).toMatchObject([
    {
      email: 'ada@example.com',
      page: 'https://example.com/1',
      age: '25',
      language: 'FR',
      kind: 'private',
      team: 'AAB',
      parent: '',
    },
    { email: 'ben@example.com', kind: 'company', priority: 'high', team: 'AAC' },
    { email: 'chloe@example.com', kind: 'private', priority: 'low', team: 'AAD' },
  ]);
  expect(made['shipments']).toMatchObject({
    rows: [
      {
        id: '1',
        customerId: '00000000-0000-4000-8000-000000000001',
        weight: '10.50',
        at: '2026-01-01T08:00:00Z',
        on: '2026-01-01',
        ok: 'true',
      },
      { id: '2', customerId: '00000000-0000-4000-8000-000000000002' },
      { id: '3', customerId: '00000000-0000-4000-8000-000000000003' },
    ],
  });
});

test('types that only PostgreSQL has, and what is set on rows that are no longer in use', async () => {
  const Visit = new EntitySchema<{ id: number; from: string; length: string; deletedAt?: Date; updatedAt?: Date }>({
    name: 'Visit',
    properties: {
      id: { type: 'integer', primary: true },
      from: { type: 'string', columnType: 'inet' },
      length: { type: 'string', columnType: 'interval' },
      deletedAt: { type: 'datetime', nullable: true },
      updatedAt: { type: 'datetime', nullable: true },
    },
  });
  const [first] = (await samples({ visits: { entities: { visit: Visit } } }))['visits']?.rows ?? [];
  expect(first).toEqual({
    id: '1',
    from: '192.0.2.1',
    length: '01:00:00',
    deletedAt: '',
    updatedAt: '2026-01-01T08:00:00Z',
  });
});

test('where no value is found, the reason is said', async () => {
  @Entity()
  class Odd {
    @PrimaryKey({ type: 'integer' })
    id!: number;
    @Property({ type: 'string' })
    @Matches(/^(?=never)x$/, { message: 'Text must be odd' })
    text!: string;
  }
  expect((await samples({ odd: { entities: { odd: Odd } } }))['odd']).toEqual({
    columns: ['id', 'text'],
    rows: [],
    problem: 'Odd: no value was found (Text must be odd).',
  });
});

test('a relation to a table that is not loaded has no row to refer to', async () => {
  const made = await samples({ customers: { entities: { customer: Customer }, others: [Team] } });
  expect(made['customers']?.problem).toBe('Customer: no value was found (there is no row for team to refer to).');
});

test('a unique key has each value once, as long as there are others', async () => {
  @Entity()
  class Flag {
    @PrimaryKey({ type: 'integer' })
    id!: number;
    @Property({ type: 'boolean' })
    @Unique()
    isSet!: boolean;
  }
  const { rows = [], problem } = (await samples({ flags: { entities: { flag: Flag } } }))['flags'] ?? {};
  expect(rows.map(({ isSet }) => isSet)).toEqual(['true', 'false']);
  expect(problem).toBe('Flag: no value was found (isSet has no other value).');
});

test('classes in one table have rows of their own, with the keys of the table in common', async () => {
  const made = await samples({
    ward: { entities: { pump: Pump, monitor: Monitor, device: Device, reading: Reading }, others: [InfusionPump] },
  });
  expect(made['ward.pump']?.columns).not.toContain('kind');
  const devices = ['ward.pump', 'ward.monitor', 'ward.device'].flatMap((name) => made[name]?.rows ?? []);
  expect(devices.map(({ id, kind }) => [id, kind])).toEqual([
    ['1', undefined],
    ['2', undefined],
    ['3', undefined],
    ['4', undefined],
    ['5', undefined],
    ['6', undefined],
    ['7', 'infusion-pump'],
    ['8', 'infusion-pump'],
    ['9', 'infusion-pump'],
  ]);
  expect(made['ward.reading']?.rows.map(({ monitor }) => monitor)).toEqual(['4', '5', '6']);
});
