/** The command that a new row is shown with: run as it stands, it loads the row that the page creates. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { loadProject } from '../../src/config/project.ts';
import { createCommand, recordOf } from '../../src/page/data/form.ts';
import { type Description, entityIn } from '../../src/page/frame/description.ts';
import { ownEnvironment } from '../support/command.ts';
import { makeShims } from '../support/documentation/shims.ts';
import { sqlitePlace } from '../support/engines.ts';
import { makeProject } from '../support/own-project.ts';
import { serve } from '../support/served.ts';

const FILES = {
  'entities.ts': `
import { defineEntity, p } from '@mikro-orm/core';

const Origin = defineEntity({
  name: 'Origin',
  embeddable: true,
  properties: { place: p.text().nullable(), localMarks: p.json().nullable() },
});
export const Device = defineEntity({
  name: 'Device',
  tableName: 'devices',
  properties: {
    id: p.integer().primary(),
    owner: p.text(),
    serial: p.bigint('string').nullable(),
    isUsed: p.boolean().nullable(),
    settings: p.json().nullable(),
    tags: p.array().nullable(),
    maker: () => p.embedded(Origin).nullable(),
    source: () => p.embedded(Origin).object().nullable(),
    sources: () => p.embedded(Origin).array().nullable(),
  },
});
`,
  'meridian.config.ts': `
import { defineConfig } from 'meridian';
import { Device } from './entities.ts';

export default defineConfig({ databases: { devices: { entities: { device: { entity: Device } } } } });
`,
  'migrations/devices/sqlite/Migration20260101000000.ts': `
import { Migration } from '@mikro-orm/migrations';

export class Migration20260101000000 extends Migration {
  override up(): void {
    this.addSql(\`create table devices (
      id integer not null primary key, owner text not null, serial bigint null, is_used integer null, settings json null,
      tags text null, maker_place text null, maker_local_marks json null, source json null, sources json null
    )\`);
  }

  override down(): void {
    this.addSql('drop table devices');
  }
}
`,
};

const DEVICES = '/api/databases/devices/device';

/** Each text means something to a shell, or JSON could be taken for it. */
const TEXTS = {
  owner: `O'Hara \\n "$HOME" \`id\` %s !! \\`,
  serial: '9007199254740993',
  isUsed: 'true',
  settings: '"{\\"a\\": 1}"',
  tags: '["{}", "5", "a\\nb"]',
  'maker.place': '{}',
  'maker.localMarks': '"null"',
  source: '{"place": "5", "local_marks": "true"}',
  sources: '[{"place": "1", "localMarks": "{}"}, {"localMarks": {"note": "\\"5\\"", "n": 1.5}}, {"localMarks": ["7"]}]',
};

test('the command loads the same record', async () => {
  const folder = makeProject(FILES);
  const { databases } = await loadProject(join(folder, 'meridian.config.ts'));
  const PATH = `${makeShims(join(folder, 'shims'))}:${process.env['PATH']}`;
  const run = (command: string) =>
    promisify(execFile)('sh', ['-c', command], { cwd: folder, env: { ...ownEnvironment(), PATH } });
  await run('npx meridian migrate');
  const { ask } = await serve(sqlitePlace(join(folder, 'databases')), databases);
  const description = (await ask('GET', '/api/description')).body as unknown as Description;
  const device = entityIn(description, 'devices', 'device');
  if (device === undefined) {
    throw new Error(JSON.stringify(description));
  }
  const properties = device.properties.filter(({ isWritable }) => isWritable);
  const body = recordOf(properties, { ...TEXTS, id: '1' });
  expect(await ask('POST', DEVICES, { body })).toMatchObject({ status: 201 });
  const { stderr } = await run(createCommand(device, properties, { ...TEXTS, id: '2' }));
  expect(stderr).not.toMatch(/reject/i);
  expect((await ask('GET', `${DEVICES}/2`)).body).toEqual({ ...(await ask('GET', `${DEVICES}/1`)).body, id: 2 });
});
