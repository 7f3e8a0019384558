/** A project with entities of its own, on every engine: it is migrated, loaded, killed and continued, verified, and migrated down and up. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { type Moment, meridianStopped } from '../support/breakpoint/breakpoint.ts';
import { type CommandResult, meridianProcess } from '../support/command.ts';
import { forEachEngine, type Place } from '../support/engines.ts';
import { makeParcelsProject } from '../support/parcels-project.ts';

const NAMES = ['customers', 'parcels', 'shipments'];

/** Of each kind: two transactions. */
const RECORDS = 12_000;
const LIMITS = '  limits: { batchRecords: 100, transactionRecords: 10_000 },\n';
/** Where the command is killed, one time after the other. */
const MOMENTS: readonly Moment[] = ['after-commit', 'at-loaded', 'at-checked'];
const START_MILLISECONDS = 600;

type Run = (...args: string[]) => Promise<CommandResult>;

/** The commands of the project in this place. */
function projectIn(place: Place): Run {
  makeParcelsProject(place.folder);
  return (...args) => meridianProcess(args, { cwd: place.folder, env: place.environment(...NAMES) });
}

async function succeed(run: Run, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(...args);
  expect({ args, code, stderr: code === 0 ? '' : stderr }).toEqual({ args, code: 0, stderr: '' });
  return stdout;
}

const counts = (inserted: number, unchanged: number, rejected: number) => ({
  read: inserted + unchanged + rejected,
  inserted,
  updated: 0,
  unchanged,
  rejected,
});

/** The files of a load of some transactions: every tenth record of each kind is broken. */
function writeLargeFiles(folder: string, count: number): string {
  const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
  const lines = (head: string, line: (n: number) => string) =>
    `${[head, ...Array.from({ length: count }, (_, index) => line(index + 1))].join('\n')}\n`;
  const large = join(folder, 'data');
  const write = (name: string, text: string) => writeFileSync(join(large, name), text);
  write(
    'customers.csv',
    lines('id,name,email', (n) => `${uuid(n)},${n % 10 === 0 ? '' : `Customer ${n}`},c${n}@example.com`),
  );
  write('parcels.depot.csv', 'code,city\nBER,Berlin\nLIS,Lisbon\n');
  write(
    'parcels.parcel.csv',
    lines('id,weight,content,depot', (n) => `${n},${n % 500}.125,,${n % 10 === 1 ? 'ROM' : 'LIS'}`),
  );
  write(
    'shipments.csv',
    lines('id,customerId,parcelId,status,sentOn', (n) => `${2n ** 60n + BigInt(n)},${uuid(n)},${n},sent,2026-01-02`),
  );
  return large;
}

forEachEngine((makePlace) => {
  test('is loaded, loaded again, verified, and migrated down and up', async () => {
    const place = await makePlace();
    const run = projectIn(place);
    await succeed(run, 'check');
    await succeed(run, 'migrate:create');
    await succeed(run, 'migrate');
    await succeed(run, 'migrate:check');
    const first = JSON.parse(await succeed(run, 'populate', '--load', 'data', '--json'));
    expect(first).toMatchObject({
      customers: counts(2, 0, 1),
      'parcels.depot': counts(2, 0, 0),
      'parcels.parcel': counts(2, 0, 1),
      shipments: counts(2, 0, 2),
    });
    const again = JSON.parse(await succeed(run, 'populate', '--load', 'data', '--json'));
    expect(again).toMatchObject({
      customers: counts(0, 2, 1),
      'parcels.depot': counts(0, 2, 0),
      'parcels.parcel': counts(0, 2, 1),
      shipments: counts(0, 2, 2),
    });
    const verified = JSON.parse(await succeed(run, 'verify', '--json'));
    expect(verified).toMatchObject({
      customers: { rows: 2, violations: 0 },
      parcels: { rows: 4, violations: 0 },
      shipments: { rows: 2, violations: 0 },
    });
    const stored = await place.execute('shipments', 'select cast(id as text) as id from shipment order by id');
    expect(stored.map(({ id }) => id)).toEqual(['9007199254740993', '9007199254740994']);

    await succeed(run, 'migrate:down', ...NAMES);
    await succeed(run, 'migrate');
    await succeed(run, 'migrate:check');
    const anew = JSON.parse(await succeed(run, 'populate', '--load', 'data', '--json', '--restart'));
    expect(anew).toMatchObject({ customers: counts(2, 0, 1), shipments: counts(2, 0, 2) });
  });

  test('is killed and continued, and ends as if nothing had happened', async () => {
    const place = await makePlace();
    const run = projectIn(place);
    await succeed(run, 'migrate:create');
    const config = join(place.folder, 'meridian.config.ts');
    writeFileSync(config, readFileSync(config, 'utf8').replace('  databases: {', `${LIMITS}  databases: {`));
    const data = writeLargeFiles(place.folder, RECORDS);
    const args = ['populate', '--load', data, '--json'];
    const options = { cwd: place.folder, env: place.environment(...NAMES) };
    await meridianProcess(args, {
      ...options,
      during: (child) => pause(START_MILLISECONDS).then(() => child.kill('SIGKILL')),
    });
    for (const moment of MOMENTS) {
      const { code } = await meridianStopped(moment, args, options, (child) => child.kill('SIGKILL'));
      expect([moment, code]).toEqual([moment, null]);
    }
    await succeed(run, ...args);
    const tenth = RECORDS / 10;
    const loaded = JSON.parse(await succeed(run, 'populate', '--load', data, '--json', '--restart'));
    expect(loaded).toMatchObject({
      customers: counts(0, RECORDS - tenth, tenth),
      'parcels.depot': counts(0, 2, 0),
      'parcels.parcel': counts(0, RECORDS - tenth, tenth),
      // those whose customer has no name, and those whose parcel lies nowhere
      shipments: counts(0, RECORDS - 2 * tenth, 2 * tenth),
    });
    await succeed(run, 'verify');
  });
});
