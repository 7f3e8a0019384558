/**
 * The package as a project installs it: packed, installed by npm into an empty folder with the driver of SQLite, and run by npx there, with
 * the npm package `node` where the system's Node is too old.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { projectRoot, version } from '../src/shared/project.ts';
import { type CommandResult, ownEnvironment } from './support/command.ts';
import { writeIn } from './support/folder.ts';
import { pack } from './support/packed.ts';
import { systemPath } from './support/system-programs.ts';

const MIKRO_ORM = '7.2.1';

/** What a project has without Meridian. */
const OWN = ['@mikro-orm', 'better-sqlite3', 'node-addon-api', 'kysely', 'reflect-metadata', '.bin', '@types'];

const FILES = {
  'package.json': JSON.stringify({ name: 'parcels', private: true, type: 'module' }),
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      module: 'nodenext',
      target: 'es2024',
      strict: true,
      noEmit: true,
      allowImportingTsExtensions: true,
      // the declarations of the package as well
      skipLibCheck: false,
      types: ['node'],
    },
    include: ['*.ts', 'migrations'],
  }),
  'entities.ts': `
    import { defineEntity, p } from '@mikro-orm/core';

    export const Customer = defineEntity({
      name: 'Customer',
      properties: { id: p.integer().primary(), email: p.text(), name: p.text() },
    });
    export const Shipment = defineEntity({
      name: 'Shipment',
      properties: { id: p.integer().primary(), customerId: p.integer(), pieces: p.integer() },
    });`,
  'meridian.config.ts': `
    import { defineConfig } from 'meridian';
    import { Customer, Shipment } from './entities.ts';

    export default defineConfig({
      databases: {
        customers: {
          entities: { customer: { entity: Customer, naturalKeys: [['email']], sample: 'samples/customers.csv' } },
        },
        shipments: {
          entities: {
            shipment: {
              entity: Shipment,
              references: { customerId: 'customers.customer' },
              sample: 'samples/shipments.csv',
            },
          },
        },
      },
    });`,
  'wrong.config.ts': `
    import { defineConfig } from 'meridian';
    import { Shipment } from './entities.ts';

    export default defineConfig({
      databases: {
        shipments: { entities: { shipment: { entity: Shipment, references: { customerId: 'customers.customer' } } } },
      },
    });`,
  'migrations/customers/sqlite/Migration20260101000000.ts': migration(
    'create table customer (id integer not null primary key, email text not null, name text not null)',
    'drop table customer',
  ),
  'migrations/shipments/sqlite/Migration20260101000000.ts': migration(
    'create table shipment (id integer not null primary key, customer_id integer not null, pieces integer not null)',
    'drop table shipment',
  ),
  'samples/customers.csv': 'id,email,name\n1,ada@example.com,Ada\n2,bob@example.com,Bob\n',
  'samples/shipments.csv': 'id,customerId,pieces\n1,1,3\n2,2,1\n3,9,2\n',
};

function migration(up: string, down: string): string {
  return `
    import { Migration } from '@mikro-orm/migrations';

    export class Migration20260101000000 extends Migration {
      override up(): void {
        this.addSql('${up}');
      }

      override down(): void {
        this.addSql('${down}');
      }
    }`;
}

let folder: string;
let packed: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'meridian-test-'));
  packed = mkdtempSync(join(tmpdir(), 'meridian-test-'));
  for (const [path, text] of Object.entries(FILES)) {
    writeIn(folder, path, text);
  }
  const tarball = await pack(packed);
  succeed('npm', ['install', tarball, `@mikro-orm/sqlite@${MIKRO_ORM}`]);
  succeed('npm', ['install', '--save-dev', 'node@24', '@types/node@24']);
});

afterAll(() => {
  for (const path of [folder, packed]) {
    rmSync(path, { recursive: true, force: true });
  }
});

interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a program of the system, not one of this checkout's packages. */
function run(program: string, args: readonly string[], { cwd = folder, env = {} }: RunOptions = {}): CommandResult {
  const inherited = Object.entries(ownEnvironment()).filter(([name]) => !name.startsWith('npm_'));
  const { status, stdout, stderr } = spawnSync(program, [...args], {
    cwd,
    encoding: 'utf8',
    env: { ...Object.fromEntries(inherited), ...env, PATH: systemPath() },
  });
  return { code: status, stdout, stderr };
}

function succeed(program: string, args: readonly string[], options?: RunOptions): void {
  const { code, stdout, stderr } = run(program, args, options);
  if (code !== 0) {
    throw new Error(`${program} ${args.join(' ')} failed:\n${stdout}${stderr}`);
  }
}

const meridian = (...args: readonly string[]) => run('npx', ['meridian', ...args]);

/** Bytes of a file, or of all files below a folder. */
function sizeOf(path: string): number {
  const stats = lstatSync(path);
  return stats.isDirectory()
    ? readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), stats.blocks * 512)
    : stats.blocks * 512;
}

describe('what is installed', () => {
  const packages = () => readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'));

  test('takes less than 60 MB beside MikroORM', () => {
    const added = packages().filter((name) => !OWN.includes(name) && !/^node(-bin-.*)?$/.test(name));
    const megabytes = added.reduce((sum, name) => sum + sizeOf(join(folder, 'node_modules', name)), 0) / 1e6;
    expect(added).toContain('meridian');
    expect(megabytes).toBeLessThan(60);
  });

  test('has no optional package, and one copy of what must be there once', () => {
    const optional = ['@faker-js', '@inquirer', '@nats-io', 'chartscii', 'mongodb', 'pg', 'typescript'];
    expect(packages().filter((name) => optional.includes(name))).toEqual([]);
    expect(readdirSync(join(folder, 'node_modules', '@mikro-orm')).sort()).toEqual([
      'core',
      'decorators',
      'migrations',
      'sql',
      'sqlite',
    ]);
    expect(existsSync(join(folder, 'node_modules', 'meridian', 'node_modules'))).toBe(false);
  });

  test('holds neither sources nor tests', () => {
    const names = readdirSync(join(folder, 'node_modules', 'meridian'), { recursive: true, encoding: 'utf8' });
    // init writes the examples
    const own = names.filter((name) => !name.startsWith('examples'));
    expect(own.filter((name) => /\.(test|config)\.|(?<!\.d)\.ts$|\.map$/.test(name))).toEqual([]);
    expect(names).toContain(join('dist', 'src', 'index.d.ts'));
  });
});

test('a config compiles with the types of the package, and a reference to nothing does not', () => {
  const compiler = join(projectRoot, 'node_modules', 'typescript', 'bin', 'tsc');
  const { stdout } = run(process.execPath, [compiler, '-p', folder]);
  expect(stdout.trim().split('\n')).toEqual([expect.stringMatching(/^wrong\.config\.ts\(7,\d+\): error TS2322: /)]);
});

test('the version is printed without the program and what it imports', () => {
  // one line to stderr for each module that is imported
  const hooks = `import { registerHooks } from 'node:module';
    registerHooks({ load(url, context, next) {
      if (url.startsWith('file:')) console.error(url.slice(url.lastIndexOf('/') + 1));
      return next(url, context);
    } });`;
  const { code, stdout, stderr } = run(join(folder, 'node_modules', '.bin', 'node'), [
    `--import=data:text/javascript,${encodeURIComponent(hooks)}`,
    join(folder, 'node_modules', 'meridian', 'bin', 'meridian.js'),
    '--version',
  ]);
  expect(stdout).toBe(`${version}\n`);
  expect(stderr).toBe('meridian.js\n');
  expect(code).toBe(0);
});

test('databases are migrated, loaded, loaded again and verified', () => {
  expect(meridian('migrate', '--json').code).toBe(0);
  const counts = () => {
    const { stdout, stderr } = meridian('populate', '--json', '--quiet');
    expect(stderr).toBe('');
    const { customers, shipments } = JSON.parse(stdout);
    return [customers, shipments].map(({ inserted, unchanged, rejected }) => [inserted, unchanged, rejected]);
  };
  expect(counts()).toEqual([
    [2, 0, 0],
    [2, 0, 1],
  ]);
  expect(counts()).toEqual([
    [0, 2, 0],
    [0, 2, 1],
  ]);
  const { code, stdout } = meridian('verify', '--json');
  expect(JSON.parse(stdout)).toMatchObject({ customers: { rows: 2, violations: 0 }, shipments: { rows: 2 } });
  expect(code).toBe(0);
});

test('init makes a project that is migrated, loaded and verified', () => {
  const cwd = join(folder, 'fresh');
  writeIn(cwd, 'package.json', JSON.stringify({ name: 'fresh', private: true, type: 'module' }));
  symlinkSync(join(folder, 'node_modules'), join(cwd, 'node_modules'), 'dir');
  succeed('npx', ['meridian', 'init', '--yes'], { cwd });
  succeed('npx', ['meridian', 'migrate'], { cwd });
  const { code, stdout } = run('npx', ['meridian', 'populate', '--json', '--quiet'], { cwd });
  const { customers, orders } = JSON.parse(stdout);
  expect([code, customers.inserted, orders.inserted]).toEqual([0, 3, 3]);
  succeed('npx', ['meridian', 'verify'], { cwd });
});

test('a package of a monorepo uses what is installed above it, and keeps its databases', () => {
  const cwd = join(folder, 'packages', 'shipping');
  writeIn(cwd, 'package.json', JSON.stringify({ name: 'shipping', private: true, type: 'module' }));
  writeIn(cwd, 'meridian.config.ts', FILES['meridian.config.ts'].replace('./entities', '../../entities'));
  for (const [path, text] of Object.entries(FILES).filter(([name]) => /^(migrations|samples)/.test(name))) {
    writeIn(cwd, path, text);
  }
  succeed('npx', ['meridian', 'populate', '--quiet'], { cwd });
  const { code, stdout } = run('npx', ['meridian', 'verify', '--json'], { cwd: join(cwd, 'samples') });
  expect(JSON.parse(stdout)).toMatchObject({ customers: { rows: 2, violations: 0 }, shipments: { rows: 2 } });
  expect(code).toBe(0);
  expect(readdirSync(join(cwd, 'databases'))).toContain('shipments.db');
});

test('a driver that is not installed is named', () => {
  const { code, stderr } = run('npx', ['meridian', 'migrate', 'customers'], {
    env: { CUSTOMERS_DATABASE_URL: 'postgresql://localhost/customers' },
  });
  expect(stderr).toContain(`PostgreSQL needs @mikro-orm/postgresql: npm i @mikro-orm/postgresql@${MIKRO_ORM}`);
  expect(code).toBe(1);
});
