/** What the type of a config accepts: a wrong one does not compile. */
import { expect, test } from '@jest/globals';
import { defineEntity, EntitySchema, p } from '@mikro-orm/core';
import { defineConfig } from '../../src/config/define-config.ts';

class Customer {
  id!: string;
  email!: string;
}

const Parcel = defineEntity({ name: 'Parcel', properties: { id: p.integer().primary(), code: p.string() } });

interface Shipment {
  id: bigint;
  customerId: string;
  parcelId: number;
}
const ShipmentSchema = new EntitySchema<Shipment>({
  name: 'Shipment',
  properties: { id: { type: 'bigint', primary: true }, customerId: { type: 'string' }, parcelId: { type: 'integer' } },
});

test('a config is returned as it is', () => {
  const databases = {
    customers: { entities: { customer: { entity: Customer, naturalKeys: [['email']] } } },
  } as const;
  expect(defineConfig({ databases })).toEqual({ databases });
});

test('entities are classes, schemas, or what defineEntity returns, bare or with options', () => {
  const config = defineConfig({
    databases: {
      customers: { entities: { customer: { entity: Customer, naturalKeys: [{ properties: ['email'] }] } } },
      parcels: { entities: { parcel: Parcel, other: { entity: Parcel, naturalKeys: [['code']] } } },
      shipments: {
        orm: async () => ({ dbName: 'shipments.db' }),
        entities: {
          shipment: {
            entity: ShipmentSchema,
            references: { customerId: 'customers.customer', parcelId: 'parcels.parcel' },
            isExempt: ({ id }) => id === 0n,
            sample: 'samples/shipments.csv',
          },
        },
      },
    },
    rejects: 'rejected',
  });
  expect(Object.keys(config.databases)).toEqual(['customers', 'parcels', 'shipments']);
});

test('a reference leads to an entity of the same config, from a property that there is', () => {
  const entity = ShipmentSchema;
  expect([
    defineConfig({
      databases: {
        customers: { entities: { customer: Customer } },
        // @ts-expect-error there is no such entity
        shipments: { entities: { shipment: { entity, references: { customerId: 'customers.client' } } } },
      },
    }),
    defineConfig({
      databases: {
        customers: { entities: { customer: Customer } },
        // @ts-expect-error a database alone is no entity
        shipments: { entities: { shipment: { entity, references: { customerId: 'customers' } } } },
      },
    }),
    defineConfig({
      databases: {
        customers: { entities: { customer: Customer } },
        // @ts-expect-error a shipment has no such property
        shipments: { entities: { shipment: { entity, references: { clientId: 'customers.customer' } } } },
      },
    }),
  ]).toHaveLength(3);
});

test('a natural key names properties that there are', () => {
  expect([
    defineConfig({
      databases: {
        // @ts-expect-error a customer has no such property
        customers: { entities: { customer: { entity: Customer, naturalKeys: [['mail']] } } },
      },
    }),
    defineConfig({
      databases: {
        // @ts-expect-error a parcel has no such property
        parcels: { entities: { parcel: { entity: Parcel, naturalKeys: [{ properties: ['sku'] }] } } },
      },
    }),
  ]).toHaveLength(2);
});

test('an unknown key does not compile', () => {
  // @ts-expect-error it is called rejects
  expect(defineConfig({ databases: {}, reject: 'rejected' })).toBeDefined();
});
