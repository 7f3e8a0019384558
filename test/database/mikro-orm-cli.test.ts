/** MikroORM's own command line with the configuration of each database. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { expect, test } from '@jest/globals';
import { projectRoot } from '../../src/shared/project.ts';
import { catalog, central, documents } from '../../src/shop/catalog.ts';
import { thoroughTest } from '../support/depth.ts';
import { forEachEngine, type Place } from '../support/engines.ts';
import { digestsOf } from '../support/files.ts';

const script = join(projectRoot, 'node_modules', '@mikro-orm', 'cli', 'cli.js');

/** @param name of a configuration file @param environment further variables of the command */
function mikroOrm(
  command: string,
  name: string,
  place: Place,
  environment: NodeJS.ProcessEnv = {},
): Promise<{ code: number | null; output: string }> {
  const { NODE_OPTIONS: _, REGION: __, ...inherited } = process.env;
  const child = spawn(process.execPath, [script, command, '--config', `mikro-orm.${name}.config.ts`], {
    cwd: projectRoot,
    env: { ...inherited, NO_COLOR: '1', ...place.environment(name), ...environment },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

forEachEngine((makePlace, engine) => {
  const directoryOf = (name: string) => join(projectRoot, 'migrations', name, engine);

  /** Matches what names the migrations of a database, the oldest first. */
  function migrationsOf(name: string): unknown {
    const files = readdirSync(directoryOf(name)).sort();
    const names = files.filter((file) => /^Migration\d+\.ts$/.test(file)).map((file) => file.replace('.ts', ''));
    expect(names.length).toBeGreaterThan(0);
    return expect.stringMatching(new RegExp(names.join('.*'), 's'));
  }

  const testOnce = engine === 'sqlite' ? test : thoroughTest;

  testOnce('users: up', async () => {
    const place = await makePlace();
    const up = await mikroOrm('migration:up', 'users', place);
    expect(up).toMatchObject({ code: 0, output: migrationsOf('users') });
    expect(await place.rowsOf('users')).toEqual([]);
  });

  thoroughTest('users: pending, up, list, check, create without a change, down', async () => {
    const place = await makePlace();
    const before = digestsOf(directoryOf('users'));
    const migrations = migrationsOf('users');

    const pending = await mikroOrm('migration:pending', 'users', place);
    expect(pending).toMatchObject({ code: 0, output: migrations });
    const up = await mikroOrm('migration:up', 'users', place);
    expect(up).toMatchObject({ code: 0, output: migrations });
    const schema = await place.schemaOf('users');
    const ofProject = (texts: readonly string[]) => texts.filter((text) => !text.includes('meridian_'));
    const ofUsers = ofProject(schema);
    expect(ofUsers.length).toBeGreaterThan(1);
    expect(schema.length).toBeGreaterThan(ofUsers.length);
    const [list, check, create] = await Promise.all(
      ['migration:list', 'migration:check', 'migration:create'].map((command) => mikroOrm(command, 'users', place)),
    );
    expect(list).toMatchObject({ code: 0, output: migrations });
    expect(check).toMatchObject({ code: 0 });
    expect(create).toMatchObject({ code: 0, output: expect.stringContaining('No changes required') });
    // the last two handed Meridian's own tables over, and made one of them; those of runs stay
    for (const left of [ofUsers, ofUsers, ofUsers, []]) {
      expect(await mikroOrm('migration:down', 'users', place)).toMatchObject({ code: 0 });
      expect(ofProject(await place.schemaOf('users'))).toEqual(left);
    }
    expect(digestsOf(directoryOf('users'))).toEqual(before);
  });

  thoroughTest('every database: up, check', async () => {
    const place = await makePlace();
    await Promise.all(
      [...catalog, central, documents].map(async ({ name }) => {
        const up = await mikroOrm('migration:up', name, place);
        expect(up).toMatchObject({ code: 0, output: migrationsOf(name) });
        expect(await mikroOrm('migration:check', name, place)).toMatchObject({ code: 0 });
        const table = { central: 'order_fact', documents: 'order_documents' }[name] ?? name;
        expect(await place.execute(name, `select * from ${table}`)).toEqual([]);
      }),
    );
  });

  thoroughTest('the region that REGION names: up, check, down', async () => {
    const place = await makePlace();
    const regional = (command: string, region = 'boston') =>
      mikroOrm(command, 'orders', place, { REGION: region, ...place.environment('orders.boston') });
    expect(await regional('migration:up')).toMatchObject({ code: 0, output: migrationsOf('orders') });
    expect(await place.rowsOf('relay_state', 'orders.boston')).toMatchObject([{ id: 1, next_seq: 1 }]);
    if (engine === 'sqlite') {
      expect(existsSync(join(place.folder, 'orders.db'))).toBe(false);
    }
    expect(await regional('migration:check')).toMatchObject({ code: 0 });
    expect(await place.rowsOf('meridian_identity_orders', 'orders.boston')).toEqual([{ id: 1, name: 'orders.boston' }]);
    const ofSeattle = { REGION: 'seattle', ORDERS_DATABASE_URL_SEATTLE: place.url('orders.boston') };
    for (const command of ['migration:up', 'migration:down']) {
      expect(await mikroOrm(command, 'orders', place, ofSeattle)).toMatchObject({
        code: 1,
        output: expect.stringMatching(/orders\.seattle: .* is the database of orders\.boston\./),
      });
    }
    const migrated = await place.schemaOf('orders.boston');
    // the newest changes nothing
    expect(await regional('migration:down')).toMatchObject({ code: 0 });
    expect(await regional('migration:down')).toMatchObject({ code: 0 });
    expect(await place.schemaOf('orders.boston')).not.toEqual(migrated);
    expect(await regional('migration:up')).toMatchObject({ code: 0 });
    expect(await place.schemaOf('orders.boston')).toEqual(migrated);
    expect(await regional('migration:pending', 'New York')).toMatchObject({
      code: 1,
      output: expect.stringContaining('REGION names "New York". The name of a region has up to 40 lower case letters'),
    });
  });
});
