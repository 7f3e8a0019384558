/** `meridian migrate:create`, and migrations of two processes at once. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { createMigrations, printCreated } from '../../../src/cli/commands/migrate.create.ts';
import { Output } from '../../../src/cli/output/terminal.ts';
import type { Project } from '../../../src/config/module.ts';
import { Database } from '../../../src/database/database.ts';
import type { DatabaseDeclaration } from '../../../src/database/declaration.ts';
import { migrationStatus } from '../../../src/database/migrate.ts';
import { meridian, meridianProcess } from '../../support/command.ts';
import { forEachEngine, type Place } from '../../support/engines.ts';
import { replaceEnvironment } from '../../support/environment.ts';
import { digestsOf } from '../../support/files.ts';
import { makeFolder, writeIn } from '../../support/folder.ts';

@Entity({ tableName: 'tags' })
class Tag {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  id!: number;

  @Property({ type: 'text' })
  name!: string;
}

@Entity({ tableName: 'tags' })
class TagWithColour {
  @PrimaryKey({ type: 'integer', autoincrement: false })
  id!: number;

  @Property({ type: 'text' })
  name!: string;

  @Property({ type: 'text', nullable: true })
  colour: string | null = null;
}

const projectOf = (entity: new () => object, root: string, emit: 'ts' | 'js'): Project => {
  const databaseOf = (name: string): DatabaseDeclaration => ({
    name,
    entities: [{ name: 'tag', entity }],
    root,
    orm: { migrations: { emit } },
  });
  return { databases: [databaseOf('tags.north'), databaseOf('tags.south')], modules: [] };
};

async function withPlace<T>(place: Place, work: () => Promise<T>): Promise<T> {
  const restore = replaceEnvironment({ ...process.env, ...place.environment('tags.north', 'tags.south') });
  try {
    return await work();
  } finally {
    restore();
  }
}

forEachEngine((makePlace, engine) => {
  test.each(['js', 'ts'] as const)('one migration for databases that share a folder, in %s', async (emit) => {
    const place = await makePlace();
    await withPlace(place, async () => {
      const root = makeFolder();
      writeIn(root, 'package.json', '{"type":"module"}');
      const folder = join(root, 'migrations', 'tags', engine);
      const project = projectOf(Tag, root, emit);
      const planned = await createMigrations(project, [], true);
      expect(planned).toEqual([
        { name: 'tags.north', value: { file: null, sql: expect.stringMatching(/create table .*tags/) } },
      ]);
      const created = await createMigrations(project, [], false);
      const file = expect.stringMatching(new RegExp(`Migration\\d+\\.${emit}$`));
      expect(created).toEqual([{ name: 'tags.north', value: { file, sql: expect.stringContaining('create table') } }]);
      expect(readdirSync(folder).sort()).toEqual(['.snapshot-tags.json', file]);
      expect(await createMigrations(project, ['tags.south'], false)).toEqual([
        { name: 'tags.south', value: { file: null, sql: '' } },
      ]);
      const changed = projectOf(TagWithColour, root, emit);
      const drifted = await Database.open(changed.databases[0] as DatabaseDeclaration, { create: false });
      expect(await migrationStatus(drifted).finally(() => drifted.close())).toMatchObject({ drift: true });
      const [more] = await createMigrations(changed, [], true);
      expect(more).toMatchObject({ value: { sql: expect.stringMatching(/^alter table .* add .*colour/) } });
      expect(readdirSync(folder)).toHaveLength(2);
    });
  });

  test('two processes at once: one applies, the other waits and finds nothing left', async () => {
    const place = await makePlace();
    const cwd = makeFolder();
    const env = place.environment('users');
    const results = await Promise.all([1, 2].map(() => meridianProcess(['migrate', 'users'], { cwd, env })));
    expect(results.map(({ code, stderr }) => ({ code, stderr }))).toEqual([1, 2].map(() => ({ code: 0, stderr: '' })));
    expect(results.map(({ stdout }) => stdout).sort()).toEqual([
      expect.stringMatching(/^users: applied Migration\d+(, [\w.]+)*\n$/),
      'users: up to date\n',
    ]);
  });
});

test('what is printed', async () => {
  const cwd = makeFolder();
  const before = digestsOf(cwd);
  const { code, stdout } = await meridian(['migrate:create', '--dry-run', 'users', 'orders', 'orders.boston'], { cwd });
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'users: no change\norders: no change\n' });
  expect(digestsOf(cwd)).toEqual(before);
  const lines: string[] = [];
  const output = { say: (text: string) => lines.push(text) } as unknown as Output;
  printCreated(output, 'tags', { file: 'migrations/Migration1.ts', sql: 'alter table;' });
  printCreated(output, 'tags', { file: null, sql: 'alter table;' });
  expect(lines).toEqual(['tags: wrote migrations/Migration1.ts', '-- tags\nalter table;']);
});
