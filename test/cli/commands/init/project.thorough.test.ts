/** A project in TypeScript, from its MikroORM configs to verified databases: init, migrate, populate in threads, verify. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { type CommandResult, meridianProcess } from '../../../support/command.ts';
import { writeIn } from '../../../support/folder.ts';
import { makeProject } from '../../../support/own-project.ts';

const FILES = {
  'tsconfig.json':
    '{ "compilerOptions": { "target": "es2023", "module": "nodenext", "experimentalDecorators": true, "useDefineForClassFields": false } }',
  'src/customer.entity.ts': `
import { Entity, ManyToOne, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { IsEmail, Matches } from 'class-validator';

@Entity()
export class Team {
  @PrimaryKey({ type: 'string', length: 3 })
  @Matches(/^[A-Z]{3}$/)
  code!: string;
}

@Entity()
export class Customer {
  @PrimaryKey({ type: 'uuid' })
  id!: string;
  @Property({ type: 'string' })
  @Unique()
  @IsEmail()
  email!: string;
  @ManyToOne({ entity: () => Team })
  team!: Team;
}
`,
  'src/shipment.entity.ts': `
import { defineEntity, p } from '@mikro-orm/core';
export const Shipment = defineEntity({
  name: 'Shipment',
  properties: { id: p.bigint().primary(), customerId: p.uuid(), weight: p.decimal().precision(8).scale(3) },
});
`,
  'mikro-orm.customers.config.ts': `
import { defineConfig } from '@mikro-orm/sqlite';
import { Customer, Team } from './src/customer.entity.js';
export default defineConfig({ dbName: 'data/customers.db', entities: [Customer, Team], migrations: { path: './migrations/customers' } });
`,
  'mikro-orm.shipments.config.ts': `
import { defineConfig } from '@mikro-orm/sqlite';
export default async () => defineConfig({ dbName: 'data/shipments.db', entities: ['./src/shipment.entity.ts'] });
`,
  ...migration('migrations/customers', [
    'create table \\`team\\` (\\`code\\` text not null primary key);',
    'create table \\`customer\\` (\\`id\\` text not null primary key, \\`email\\` text not null unique, \\`team_code\\` text not null references \\`team\\` (\\`code\\`));',
  ]),
  ...migration('migrations/shipments/sqlite', [
    'create table \\`shipment\\` (\\`id\\` bigint not null primary key, \\`customer_id\\` text not null, \\`weight\\` numeric(8,3) not null);',
  ]),
};

function migration(folder: string, statements: readonly string[]): Record<string, string> {
  const lines = statements.map((one) => `    this.addSql(\`${one}\`);`).join('\n');
  return {
    [`${folder}/Migration20260101000000.ts`]: `
import { Migration } from '@mikro-orm/migrations';
export class Migration20260101000000 extends Migration {
  override async up(): Promise<void> {
${lines}
  }
}
`,
  };
}

test('every step works from a folder below, in threads as well', async () => {
  const folder = makeProject(FILES, ['tsx']);
  const meridian = async (...args: string[]): Promise<CommandResult> => {
    const result = await meridianProcess(args, { cwd: args[0] === 'init' ? folder : join(folder, 'src') });
    expect({ args, code: result.code, stderr: result.code === 0 ? '' : result.stderr }).toEqual({
      args,
      code: 0,
      stderr: '',
    });
    return result;
  };
  const { stdout } = await meridian('init', '--yes');
  expect(stdout).toContain('Next: npm run migrate, npm run populate, npm run verify');
  await meridian('check');
  await meridian('migrate');
  // so that each load has a thread, which loads the config by itself
  const config = join(folder, 'meridian.config.ts');
  writeIn(
    folder,
    'meridian.config.ts',
    readFileSync(config, 'utf8').replace('  databases: {', '  limits: { threadRecords: 1 },\n  databases: {'),
  );
  const loaded = JSON.parse((await meridian('populate', '--json')).stdout);
  expect(loaded).toMatchObject({
    'customers.team': { inserted: 3, rejected: 0 },
    'customers.customer': { inserted: 3, rejected: 0 },
    shipments: { inserted: 3, rejected: 0 },
  });
  const again = JSON.parse((await meridian('populate', '--json')).stdout);
  expect(again).toMatchObject({ 'customers.customer': { unchanged: 3 }, shipments: { unchanged: 3 } });
  await meridian('verify');
});
