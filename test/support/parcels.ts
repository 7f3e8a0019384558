/** A project with three databases, as the examples of the documentation have it: customers, parcels with their depots, and shipments. */
import { makeProject } from './own-project.ts';

const ENTITIES = `
import { defineEntity, p } from '@mikro-orm/core';

export const Customer = defineEntity({
  name: 'Customer',
  properties: { id: p.integer().primary(), email: p.text(), name: p.text() },
});
export const Depot = defineEntity({
  name: 'Depot',
  properties: { id: p.integer().primary(), city: p.text() },
});
export const Parcel = defineEntity({
  name: 'Parcel',
  properties: { id: p.integer().primary(), code: p.text(), pieces: p.integer() },
});
export const Shipment = defineEntity({
  name: 'Shipment',
  properties: { id: p.integer().primary(), customerId: p.integer(), parcelId: p.integer() },
});
`;

const CONFIG = `
import { defineConfig } from 'meridian';
import { Customer, Depot, Parcel, Shipment } from './entities.ts';

export default defineConfig({
  databases: {
    customers: {
      entities: { customer: { entity: Customer, naturalKeys: [['email']], sample: 'samples/customers.csv' } },
    },
    parcels: {
      entities: {
        depot: { entity: Depot, sample: 'samples/depots.csv' },
        parcel: { entity: Parcel, sample: 'samples/parcels.csv' },
      },
    },
    shipments: {
      entities: {
        shipment: {
          entity: Shipment,
          references: { customerId: 'customers.customer', parcelId: 'parcels.parcel' },
          sample: 'samples/shipments.csv',
        },
      },
    },
  },
});
`;

const TABLES = {
  customers: ['customer (id integer not null primary key, email text not null, name text not null)'],
  parcels: [
    'depot (id integer not null primary key, city text not null)',
    'parcel (id integer not null primary key, code text not null, pieces integer not null)',
  ],
  shipments: ['shipment (id integer not null primary key, customer_id integer not null, parcel_id integer not null)'],
} as const;

/** The name of the one migration of each database. */
export const MIGRATION = 'Migration20260101000000';

function migration(tables: readonly string[]): string {
  const statements = (sqls: readonly string[]) => sqls.map((sql) => `this.addSql('${sql}');`).join('\n    ');
  return `
import { Migration } from '@mikro-orm/migrations';

export class ${MIGRATION} extends Migration {
  override up(): void {
    ${statements(tables.map((table) => `create table ${table}`))}
  }

  override down(): void {
    ${statements(tables.map((table) => `drop table ${table.split(' ')[0]}`))}
  }
}
`;
}

/** Path -> text. The third shipment refers to a customer that does not exist. */
export const PARCELS: Readonly<Record<string, string>> = {
  'entities.ts': ENTITIES,
  'meridian.config.ts': CONFIG,
  ...Object.fromEntries(
    Object.entries(TABLES).flatMap(([database, tables]) =>
      ['sqlite', 'postgresql'].map((engine) => [`migrations/${database}/${engine}/${MIGRATION}.ts`, migration(tables)]),
    ),
  ),
  'samples/customers.csv': 'id,email,name\n1,ada@example.com,Ada\n2,bob@example.com,Bob\n',
  'samples/depots.csv': 'id,city\n1,Lyon\n',
  'samples/parcels.csv': 'id,code,pieces\n1,A-1,3\n2,A-2,1\n',
  'samples/shipments.csv': 'id,customerId,parcelId\n1,1,1\n2,2,2\n3,9,1\n',
};

/** @returns its folder */
export function parcelsProject(): string {
  return makeProject(PARCELS);
}
