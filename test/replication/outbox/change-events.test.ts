/** `meridian/outbox`: a project's own entities write events, in a load and in a transaction of its own. */
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import { populate } from '../../../src/index.ts';
import { newEvent, OutboxEvent } from '../../../src/replication/index.ts';
import { temporaryDatabases } from '../../../src/testing/index.ts';
import { makeProject } from '../../support/own-project.ts';
import { PARCELS } from '../../support/parcels.ts';

const CONFIG = `
import { defineConfig } from 'meridian';
import { changeEvents, newEvent } from 'meridian/outbox';
import { Depot, Parcel } from './entities.ts';

const outboxMapping = changeEvents('parcel', ({ id, ...parcel }, run) =>
  newEvent(
    { aggregate: 'parcel', schemaVersion: 1 },
    { id: Number(id), version: 1, type: 'loaded', occurredAt: '2026-01-31T12:00:00.000Z', run },
    parcel,
  ),
);

export default defineConfig({
  databases: {
    parcels: {
      outbox: true,
      entities: { depot: Depot, parcel: { entity: Parcel, outboxMapping, sample: 'samples/parcels.csv' } },
    },
  },
});
`;

test('rows that are loaded write events in the same transaction, and a program writes its own', async () => {
  const folder = makeProject({ ...PARCELS, 'meridian.config.ts': CONFIG });
  const before = process.cwd();
  process.chdir(folder);
  try {
    const { default: config } = await import(pathToFileURL(join(folder, 'meridian.config.ts')).href);
    await using databases = await temporaryDatabases(config);
    const { tables } = await populate(config, { rejects: false });
    expect(tables).toMatchObject({ 'parcels.parcel': { inserted: 2, failure: undefined } });
    await databases.em('parcels').transactional(async (em) => {
      const change = { id: 2, version: 2, type: 'repacked', occurredAt: '2026-02-01T12:00:00.000Z' };
      em.create(OutboxEvent, newEvent({ aggregate: 'parcel', schemaVersion: 1 }, change, { pieces: 2 }));
    });
    const events = await databases.em('parcels').find(OutboxEvent, {}, { orderBy: { id: 'asc' } });
    expect(events.map(({ aggregateId, type, payload }) => [aggregateId, type, JSON.parse(payload)])).toEqual([
      [1, 'loaded', { code: 'A-1', pieces: 3 }],
      [2, 'loaded', { code: 'A-2', pieces: 1 }],
      [2, 'repacked', { pieces: 2 }],
    ]);
    expect(events.map(({ seq, run }) => [seq, typeof run])).toEqual([
      [null, 'string'],
      [null, 'string'],
      [null, 'object'],
    ]);
  } finally {
    process.chdir(before);
  }
});
