/** Commands that need a package which is not installed. */
import { expect, test } from '@jest/globals';
import { type CommandResult, meridianProcess } from '../support/command.ts';
import { thoroughTest } from '../support/depth.ts';
import { makeFolder } from '../support/folder.ts';

/** `meridian <args>` in a process in which the packages seem not to be installed. */
function without(packages: readonly string[], args: readonly string[], env: NodeJS.ProcessEnv): Promise<CommandResult> {
  const hooks = `import { registerHooks } from 'node:module';
    registerHooks({ resolve(name, context, next) {
      if (${JSON.stringify(packages)}.some((one) => name === one || name.startsWith(one + '/'))) {
        throw Object.assign(new Error("Cannot find package '" + name + "' imported from " + context.parentURL), { code: 'ERR_MODULE_NOT_FOUND' });
      }
      return next(name, context);
    } });`;
  const preload = `--import=data:text/javascript,${encodeURIComponent(hooks)}`;
  return meridianProcess(args, { cwd: makeFolder(), env: { ...env, NODE_OPTIONS: preload } });
}

test('the driver of PostgreSQL', async () => {
  const { code, stdout } = await without(['@mikro-orm/postgresql', 'pg'], ['runs', 'users', '--json'], {
    USERS_DATABASE_URL: 'postgresql://localhost/users',
  });
  expect(JSON.parse(stdout)).toEqual({
    users: { error: 'PostgreSQL needs @mikro-orm/postgresql: npm i @mikro-orm/postgresql@7.2.1' },
  });
  expect(code).toBe(1);
});

thoroughTest('the driver of SQLite', async () => {
  const { code, stderr } = await without(['@mikro-orm/sqlite', 'better-sqlite3'], ['migrate', 'users'], {});
  expect(stderr).toContain('SQLite needs @mikro-orm/sqlite: npm i @mikro-orm/sqlite@7.2.1');
  expect(code).toBe(1);
});

thoroughTest('the client of NATS', async () => {
  const env = { NATS_URL: 'nats://localhost:1' };
  const { code, stderr } = await without(['@nats-io/jetstream'], ['transport', 'check'], env);
  expect(stderr).toContain('NATS needs @nats-io/jetstream and @nats-io/transport-node: npm i ');
  expect(code).toBe(1);
});

thoroughTest('the driver of MongoDB', async () => {
  const env = { DOCUMENTS_DATABASE_URL: 'mongodb://localhost:1/documents' };
  const { code, stderr } = await without(['@mikro-orm/mongodb'], ['documents', 'status'], env);
  expect(stderr).toContain('MongoDB needs @mikro-orm/mongodb: npm i @mikro-orm/mongodb@7.2.1');
  expect(code).toBe(1);
});

thoroughTest('the word lists of the shop', async () => {
  const { code, stderr } = await without(['@faker-js/faker'], ['generate', '--out', '.', '--count', '1'], {});
  expect(stderr).toContain('Generating data of the shop needs @faker-js/faker: npm i @faker-js/faker@10');
  expect(code).toBe(1);
});

test('what needs no such package runs without any', async () => {
  const { code, stdout } = await without(
    [
      '@mikro-orm/postgresql',
      'pg',
      '@mikro-orm/mongodb',
      'mongodb',
      '@nats-io',
      '@faker-js/faker',
      '@inquirer',
      'chartscii',
    ],
    ['populate', '--quiet', '--json'],
    {},
  );
  expect(JSON.parse(stdout)).toMatchObject({ users: { inserted: 8 } });
  expect(code).toBe(0);
});
