/** The files of a table may write values in different ways, as the config says. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { loadProject } from '../../src/config/project.ts';
import { meridian } from '../support/command.ts';
import { sqlitePlace } from '../support/engines.ts';
import { writeIn } from '../support/folder.ts';
import { makeProject } from '../support/own-project.ts';
import { PARCELS } from '../support/parcels.ts';

const config = (threadRecords: number) => `
import { defineConfig } from 'meridian';
import { Customer, Depot, Parcel, Shipment } from './entities.ts';

export default defineConfig({
  onlyNew: true,
  limits: { threadRecords: ${threadRecords} },
  databases: {
    customers: { entities: { customer: Customer } },
    parcels: { entities: { depot: Depot, parcel: Parcel } },
    shipments: {
      entities: {
        shipment: {
          entity: Shipment,
          references: { customerId: 'customers.customer', parcelId: 'parcels.parcel' },
          load: 'exports/*.csv',
          files: [{ thousands: '.', decimal: ',' }, { match: 'exports/us*', thousands: ',', decimal: '.' }],
        },
      },
    },
  },
});
`;

const HEADER = 'id;customerId;parcelId\n';

const german = `${HEADER}1.001;1.200;1\n`;

async function makeScene(threadRecords: number) {
  const folder = makeProject({
    ...PARCELS,
    'meridian.config.ts': config(threadRecords),
    'customers.csv': 'id,email,name\n1200,ada@example.com,Ada\n',
    'parcels.csv': 'id,code,pieces\n1,A-1,3\n',
    'exports/de.csv': german,
    'exports/us-2.csv': `${HEADER}1,005;1,200;1\n`,
    'exports/us.csv': `${HEADER}1,002;1,200;1\n1,003;1,300;1\n1,004;1.200;1\n`,
  });
  const project = await loadProject(join(folder, 'meridian.config.ts'));
  const run = async (...args: string[]) => {
    const { code, stdout, stderr } = await meridian([...args, '--json'], { cwd: folder, project });
    return { code, stderr, result: JSON.parse(stdout || '{}') };
  };
  const stored = () => sqlitePlace(join(folder, 'databases')).rowsOf('shipment', 'shipments');
  await run('populate', '--load', 'customers=customers.csv', '--load', 'parcels.parcel=parcels.csv');
  return { folder, project, run, stored };
}

test.each([
  ['in threads of their own', 1],
  ['in the main thread', 1000],
])('numbers are read as the entries that match their files say, %s', async (_, threadRecords) => {
  const { folder, project, run, stored } = await makeScene(threadRecords);
  const first = await run('populate');
  expect(first).toMatchObject({ code: 0, result: { shipments: { read: 5, inserted: 3, rejected: 2 } } });
  expect(await stored()).toEqual([1001, 1002, 1005].map((id) => ({ id, customer_id: 1200, parcel_id: 1 })));

  // whichever file is the first
  rmSync(join(folder, 'exports/de.csv'));
  writeIn(folder, 'exports/us-3.csv', `${HEADER}1,006;1,200;1\n`);
  expect((await run('populate')).result).toMatchObject({
    shipments: { read: 1, inserted: 1 },
    skipped: { shipments: [{}, {}] },
  });
  writeIn(folder, 'exports/de.csv', german);

  // a file that is read in another way is new
  expect((await run('populate')).result.skipped).toEqual({
    shipments: ['de.csv', 'us-2.csv', 'us-3.csv', 'us.csv'].map((name) =>
      expect.objectContaining({ file: `exports/${name}` }),
    ),
  });
  const [all, american] = project.files?.['shipments'] ?? [];
  const files = { shipments: [all ?? {}, { ...american, match: 'exports/us-2.csv' }] };
  const { stdout } = await meridian(['populate', '--json'], {
    cwd: folder,
    project: { ...project, files },
  });
  expect(JSON.parse(stdout).shipments).toMatchObject({ read: 4, rejected: 4 });
});

test('rejects are retried as their files were read', async () => {
  const { folder, run, stored } = await makeScene(1000);
  await run('populate');
  writeIn(folder, 'customers.csv', 'id,email,name\n1300,bob@example.com,Bob\n');
  await run('populate', '--load', 'customers=customers.csv');
  const [listed] = (await run('rejects', 'list')).result.runs ?? [];
  const retried = await run('rejects', 'retry', ...(listed === undefined ? [] : [listed.run]));
  expect(retried.result.shipments).toMatchObject({ read: 2, inserted: 1, rejected: 1 });
  expect(await stored()).toContainEqual({ id: 1003, customer_id: 1300, parcel_id: 1 });
});
