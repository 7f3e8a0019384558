/** MikroORM's own command line with the configuration of each database. */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { expect, test } from '@jest/globals';
import { catalog } from '../../src/databases/catalog.ts';
import { projectRoot } from '../../src/databases/project.ts';
import { fileOf } from '../support/databases.ts';
import { digestsOf } from '../support/files.ts';
import { makeFolder } from '../support/folder.ts';
import { schemaOf } from '../support/schema.ts';

const script = join(projectRoot, 'node_modules', '@mikro-orm', 'cli', 'cli.js');

function mikroOrm(command: string, name: string, folder: string): Promise<{ code: number | null; output: string }> {
  const { NODE_OPTIONS: _, ...inherited } = process.env;
  const child = spawn(process.execPath, [script, command, '--config', `mikro-orm.${name}.config.ts`], {
    cwd: projectRoot,
    env: { ...inherited, NO_COLOR: '1', [`${name.toUpperCase()}_DATABASE_URL`]: `sqlite:${fileOf(folder, name)}` },
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

test('users: pending, up, list, check, create without a change, down', async () => {
  const folder = makeFolder();
  const migrations = join(projectRoot, 'migrations', 'users', 'sqlite');
  const before = digestsOf(migrations);
  const migration = newestOf('users');

  const pending = await mikroOrm('migration:pending', 'users', folder);
  expect(pending).toMatchObject({ code: 0, output: expect.stringContaining(migration) });
  const up = await mikroOrm('migration:up', 'users', folder);
  expect(up).toMatchObject({ code: 0, output: expect.stringContaining(migration) });
  expect(schemaOf(fileOf(folder, 'users')).join('\n')).toContain('CREATE TABLE `users`');
  const [list, check, create] = await Promise.all(
    ['migration:list', 'migration:check', 'migration:create'].map((command) => mikroOrm(command, 'users', folder)),
  );
  expect(list).toMatchObject({ code: 0, output: expect.stringContaining(migration) });
  expect(check).toMatchObject({ code: 0 });
  expect(create).toMatchObject({ code: 0, output: expect.stringContaining('No changes required') });
  expect(await mikroOrm('migration:down', 'users', folder)).toMatchObject({ code: 0 });
  expect(schemaOf(fileOf(folder, 'users'))).toEqual([]);
  expect(digestsOf(migrations)).toEqual(before);
}, 60_000);

test('every database: up, check', async () => {
  const folder = makeFolder();
  await Promise.all(
    catalog.map(async ({ name }) => {
      const up = await mikroOrm('migration:up', name, folder);
      expect(up).toMatchObject({ code: 0, output: expect.stringContaining(newestOf(name)) });
      expect(await mikroOrm('migration:check', name, folder)).toMatchObject({ code: 0 });
      expect(schemaOf(fileOf(folder, name)).join('\n')).toContain(`CREATE TABLE \`${name}\``);
    }),
  );
}, 60_000);

function newestOf(name: string): string {
  const files = readdirSync(join(projectRoot, 'migrations', name, 'sqlite')).sort();
  return files.findLast((file) => /^Migration\d+\.ts$/.test(file))?.replace('.ts', '') ?? '';
}
