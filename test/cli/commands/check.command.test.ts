/** `meridian check` and `meridian config print`, over the shop and over a config with problems. */
import { expect, test } from '@jest/globals';
import { meridian, meridianProcess } from '../../support/command.ts';
import { makeFolder } from '../../support/folder.ts';
import { makeProject } from '../../support/own-project.ts';

test('check: the entities of the shop can be loaded', async () => {
  const { code, stdout, stderr } = await meridian(['check'], { cwd: makeFolder() });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/│ orders +│ order +│ Order +│ yes +│/);
});

test('check: exits 1 and names what is wrong', async () => {
  const cwd = makeProject({
    'meridian.config.js': `
import { EntitySchema } from '@mikro-orm/core';
const entity = new EntitySchema({ name: 'Parcel', properties: { id: { type: 'integer', primary: true } } });
export default { databases: { parcels: { entities: { parcel: { entity, naturalKeys: [['code']] } } } } };
`,
  });
  const { code, stdout, stderr } = await meridianProcess(['check', '--json'], { cwd });
  expect(code).toBe(1);
  expect(stderr).toContain('Parcel has no property "code", which a natural key names. There are id.');
  expect(JSON.parse(stdout)).toMatchObject({ entities: [{ entity: 'parcel', loadable: false, problems: [{}] }] });
});

test('config print: where databases are, and what says so', async () => {
  const cwd = makeFolder();
  const env = { USERS_DATABASE_URL: 'postgresql://ann:secret@db/crm' };
  const table = await meridian(['config', 'print'], { cwd, env });
  expect(table.stdout).toMatch(/│ users +│ postgresql +│ db:5432\/crm +│ USERS_DATABASE_URL +│/);
  expect(table.stdout).toMatch(/│ orders\.order +│ Order +│ +│ userId → users\.user, productId → products\.product +│/);
  const json = await meridian(['config', 'print', '--json'], { cwd, env });
  expect(json.stdout + table.stdout).not.toContain('secret');
  expect(JSON.parse(json.stdout).databases[2]).toMatchObject({
    name: 'orders',
    place: 'databases/orders.db',
    placeFrom: 'default',
  });
});
