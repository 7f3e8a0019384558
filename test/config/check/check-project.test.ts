/** What keeps the entities of a config from being loaded, and where it is written. */
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { EntitySchema } from '@mikro-orm/core';
import { Embeddable, Embedded, Entity, Formula, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { IsNotEmpty, Validate, ValidateNested, ValidatorConstraint } from 'class-validator';
import { checkProject } from '../../../src/config/check/check-project.ts';
import { resolveConfig } from '../../../src/config/resolve.ts';
import type { DatabasesConfig } from '../../../src/config/types.ts';
import { projectRoot } from '../../../src/shared/project.ts';
import { project } from '../../support/project.ts';

@ValidatorConstraint({ async: true })
class Asked {
  validate(): Promise<boolean> {
    return Promise.resolve(true);
  }
}

@Entity()
class Customer {
  @PrimaryKey({ type: 'uuid' })
  id!: string;
}

@Entity()
class Shipment {
  @PrimaryKey({ type: 'bigint' })
  id!: bigint;
  @Property({ type: 'integer' })
  customerId!: number;
  @Property({ type: 'string' })
  @Validate(Asked)
  place!: string;
}

const Visit = new EntitySchema<{ year: number; number: number; name: string }>({
  name: 'Visit',
  properties: {
    year: { type: 'integer', primary: true },
    number: { type: 'integer', primary: true },
    name: { type: 'string' },
  },
});

const here = join(projectRoot, 'test', 'config', 'check', 'check-project.test.ts');

async function check(databases: DatabasesConfig) {
  return checkProject(await resolveConfig('/p/meridian.config.ts', { databases }));
}

test('the shop has no problem', async () => {
  const checked = await checkProject(project);
  expect(
    checked.map(({ database, entity, class: name, loadable, problems }) => [
      database,
      entity,
      name,
      loadable,
      problems,
    ]),
  ).toEqual([
    ['users', 'user', 'User', true, []],
    ['products', 'product', 'Product', true, []],
    ['orders', 'order', 'Order', true, []],
  ]);
});

test('each problem of an entity, with the file and line of its property', async () => {
  const checked = await check({
    customers: { entities: { customer: { entity: Customer, sample: 'gone.csv' } } },
    shipments: {
      entities: {
        shipment: {
          entity: Shipment,
          naturalKeys: [['customer'], { properties: ['id'], onlyWithout: 'deletedAt' }],
          references: { customerId: 'customers.customer', place: 'visits.visit', clientId: 'customers.customer' },
        },
      },
    },
    visits: { entities: { visit: Visit } },
  });
  expect(checked).toEqual([
    {
      database: 'customers',
      entity: 'customer',
      class: 'Customer',
      loadable: true,
      problems: [{ message: 'The sample /p/gone.csv does not exist. Write it, or remove sample from the config.' }],
    },
    {
      database: 'shipments',
      entity: 'shipment',
      class: 'Shipment',
      loadable: false,
      problems: [
        {
          message: expect.stringMatching(/^Shipment has an asynchronous rule \(/),
          file: here,
          line: 27,
        },
        {
          message: 'Shipment has no property "customer", which a natural key names. Did you mean customerId?',
          file: here,
          line: 27,
        },
        {
          message: 'Shipment has no property "deletedAt", which a natural key names. There are id, customerId, place.',
          file: here,
          line: 27,
        },
        {
          message: 'Shipment has no property "clientId", which a reference names. There are id, customerId, place.',
          file: here,
          line: 27,
        },
        {
          property: 'customerId',
          message:
            'Shipment.customerId is of type whole number (number in the entity), and refers to customers.customer, whose id is of type uuid (string in the entity). Give both the same type.',
          file: here,
          line: 31,
        },
        {
          property: 'place',
          message:
            'Shipment.place refers to visits.visit, whose primary key has several properties (year, number). One property cannot hold it.',
          file: here,
          line: 34,
        },
      ],
    },
    { database: 'visits', entity: 'visit', class: 'Visit', loadable: true, problems: [] },
  ]);
});

@Entity()
class Untyped {
  @PrimaryKey({ type: 'integer' })
  id!: number;
  @Formula('1')
  one?: number;
}

test('rules of an embeddable that are not applied', async () => {
  @Embeddable()
  class Address {
    @Property({ type: 'text' })
    @IsNotEmpty()
    street!: string;
  }

  @Embeddable()
  class Position {
    @Property({ type: 'double' })
    lat!: number;
  }

  @Entity()
  class House {
    @PrimaryKey({ type: 'integer' })
    id!: number;
    @Embedded(() => Address)
    address!: Address;
    @Embedded(() => Address, { prefix: 'post_' })
    @ValidateNested()
    post!: Address;
    @Embedded(() => Position)
    position!: Position;
  }
  const [checked] = await check({ houses: { entities: { house: House } } });
  expect(checked).toMatchObject({ loadable: true });
  expect(checked?.problems.map(({ message }) => message)).toEqual([
    'The rules of Address are not applied to House.address. Declare it with @ValidateNested() of class-validator.',
  ]);
});

test('an entity with decorators that MikroORM does not accept is shown with its place', async () => {
  const [checked] = await check({ wrong: { entities: { untyped: Untyped } } });
  expect(checked?.problems).toEqual([
    {
      property: 'one',
      message:
        "wrong: MikroORM does not accept its entities or options: Please provide either 'type' or 'entity' attribute in Untyped.one. " +
        "Write the type, as in @Property({ type: 'string' }), or install @oxc-node/core, which passes the types of TypeScript on to decorators.",
      file: here,
      line: expect.any(Number),
    },
  ]);
});

test('entities that MikroORM does not accept', async () => {
  const Wrong = new EntitySchema({
    name: 'Wrong',
    properties: { id: { type: 'integer', primary: true }, name: {} as never },
  });
  const [checked] = await check({ wrong: { entities: { wrong: Wrong } } });
  expect(checked).toMatchObject({
    loadable: false,
    problems: [
      {
        property: 'name',
        message: expect.stringMatching(/^wrong: MikroORM does not accept its entities or options: .*Wrong\.name/),
      },
    ],
  });
});
