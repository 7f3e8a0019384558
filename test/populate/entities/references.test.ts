/** References to keys of every type, and what is reverted because of one. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { defineEntity, type EntityName, p } from '@mikro-orm/core';
import type { PopulateOptions } from '../../../src/populate/options.ts';
import type { PopulateReport } from '../../../src/populate/report.ts';
import { populateIn } from '../../support/databases.ts';
import { forEachEngineThoroughly, type Place } from '../../support/engines.ts';
import { ownEntity } from '../../support/own-entity.ts';
import { sourceOf } from '../../support/sources.ts';
import { loaded, outcome } from './outcome.ts';

const Customer = defineEntity({
  name: 'Customer',
  tableName: 'customers',
  properties: { id: p.uuid().primary(), name: p.text() },
}) as never as EntityName<object>;

const Parcel = defineEntity({
  name: 'Parcel',
  tableName: 'parcels',
  properties: { id: p.bigint().primary().autoincrement(false), weight: p.decimal().precision(8).scale(3) },
}) as never as EntityName<object>;

const Shipment = defineEntity({
  name: 'Shipment',
  tableName: 'shipments',
  properties: {
    id: p.bigint().primary().autoincrement(false),
    customerId: p.text().nullable(),
    parcelId: p.integer().nullable(),
    backupId: p.bigint('string').nullable(),
    seal: p.blob().nullable(),
    notes: p.json().nullable(),
    places: p.array().nullable(),
  },
}) as never as EntityName<object>;

const BEYOND = '9007199254740993';
const ANN = '6f9619ff-8b86-d011-b42d-00c04fc964ff';
const NOBODY = '6F9619FF-8B86-D011-B42D-00C04FC96400';

type Load = (
  sources: Readonly<Record<string, readonly object[]>>,
  options?: Partial<PopulateOptions>,
) => Promise<PopulateReport>;

async function threeDatabases(place: Place): Promise<Load> {
  const references = { customerId: 'customers.customer', parcelId: 'parcels.parcel', backupId: 'parcels.parcel' };
  const databases = [
    await ownEntity(place, { name: 'customers', entity: Customer }),
    await ownEntity(place, { name: 'parcels', entity: Parcel }),
    await ownEntity(place, {
      name: 'shipments',
      entity: Shipment,
      references: Object.fromEntries(
        Object.entries(references).map(([property, target]) => {
          const [database = '', entity = ''] = target.split('.');
          return [property, { database, entity }];
        }),
      ),
    }),
  ];
  return (sources, options = {}) =>
    populateIn(place, {
      catalog: databases.map(({ declaration }) => declaration),
      sources: Object.fromEntries(Object.entries(sources).map(([name, records]) => [name, sourceOf(records)])),
      databaseOptions: (name) => databases.find(({ declaration }) => declaration.name === name)?.options ?? {},
      ...options,
    });
}

forEachEngineThoroughly((makePlace) => {
  test('a reference of another type than its key is checked by its value', async () => {
    const place = await makePlace();
    const load = await threeDatabases(place);
    const shipments = [
      { id: '1', customerId: ANN.toUpperCase(), parcelId: 7, backupId: BEYOND },
      { id: '2', customerId: NOBODY },
      { id: '3', parcelId: 8 },
      { id: BEYOND, backupId: '9007199254740992' },
      { id: '5', backupId: '7' },
    ];
    const first = await load({
      customers: [{ id: ANN, name: 'Ann' }],
      parcels: [
        { id: '7', weight: '1' },
        { id: BEYOND, weight: '1.5' },
      ],
      shipments,
    });
    const wrong = [
      `Customer ${NOBODY} does not exist`,
      'Parcel 8 does not exist',
      'Parcel 9007199254740992 does not exist',
    ];
    expect(outcome(first.databases['shipments'])).toEqual(loaded(2, 0, 0, ...wrong));
    const again = await load({ shipments });
    expect(outcome(again.databases['shipments'])).toEqual(loaded(0, 0, 2, ...wrong));
  });

  test('a row whose update is reverted gets back its values', async () => {
    const place = await makePlace();
    const load = await threeDatabases(place);
    const before = {
      id: BEYOND,
      seal: 'aGVsbG8=',
      notes: { b: [1], a: '2026-01-31' },
      places: ['Oslo', 'a, b'],
      backupId: '7',
    };
    await load({ parcels: [{ id: '7', weight: '1' }], shipments: [before] });
    const rows = await place.rowsOf('shipments');
    const after = { id: BEYOND, seal: 'AA==', notes: [2], places: [], backupId: '8' };
    const report = (await load({ shipments: [after] }, { onConflict: 'update' })).databases['shipments'];
    expect(outcome(report)).toEqual(loaded(0, 0, 0, 'Parcel 8 does not exist'));
    expect(await place.rowsOf('shipments')).toEqual(rows);
    const rejects = readFileSync(join(place.folder, 'rejects', 'shipments.ndjson'), 'utf8');
    expect(rejects).toContain(`"record":${JSON.stringify(after)}`);
    expect(outcome((await load({ shipments: [before] })).databases['shipments'])).toEqual(loaded(0, 0, 1));
  });
});
