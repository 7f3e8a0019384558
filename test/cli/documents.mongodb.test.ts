/** The commands where documents are on MongoDB: the same, and `migrate` makes the indexes. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWithMongodb } from '../support/mongodb/available.ts';
import { type MongodbServer, startMongodb } from '../support/mongodb/server.ts';
import { workspace } from '../support/workspace.ts';

// each starts many processes
describeWithMongodb('MongoDB', () => {
  let server: MongodbServer;
  beforeAll(async () => {
    server = await startMongodb();
  });
  afterAll(() => server?.remove());

  test('an order is found by its details, and products by what they are made of', async () => {
    const here = workspace();
    const env = { DOCUMENTS_DATABASE_URL: `${server.url}/shop` };
    const run = (...args: string[]) => here.run(args, { env });
    await run('populate', '--quiet');
    await run('stock', 'receive', '--region', 'boston', '--product', '1', '--quantity', '5');
    const order = ['order', 'place', '--region', 'boston', '--user', '1', '--item', '1x2', '--key', 'A'];
    await run(...order, '--details', '{"gift":{"wrap":true}}');
    expect(await run('sync')).toMatchObject({ code: 0, stderr: expect.stringContaining('1 document copied') });
    const found = await run('documents', 'find', '--where', 'details.gift.wrap=true', '--json', '--quiet');
    expect(found.stderr).toBe('');
    expect(JSON.parse(found.stdout)).toMatchObject([
      { id: 'A', lines: [{ name: 'Laptop' }], details: { gift: { wrap: true } } },
    ]);
    await run('components', 'set', '--product', '5', '--component', '1x4');
    expect((await run('components', 'tree', '--product', '5')).stdout).toContain('4 of product 1, Laptop (4 each)');
    expect((await run('documents', 'status')).stdout).toContain('The store is MongoDB database shop at 127.0.0.1:');
  });

  test('migrate, migrate:status, migrate:check and migrate:down', async () => {
    const here = workspace();
    const env = { DOCUMENTS_DATABASE_URL: `${server.url}/migrated` };
    const run = async (...args: string[]) => {
      const { code, stdout } = await here.run(args, { env });
      return { code, stdout };
    };
    const names = [
      'order_documents.user',
      'order_documents.placed_at',
      'order_documents.region_epoch',
      'component_lists.component',
    ];
    expect(await run('migrate', 'documents', '--dry-run')).toEqual({
      code: 0,
      stdout: names.map((name) => `-- documents: ${name}\n-- createIndex ${name};\n`).join(''),
    });
    expect(await run('migrate:check', 'documents')).toEqual({
      code: 1,
      stdout: `documents: pending: ${names.join(', ')}. Run npx meridian migrate documents\n`,
    });
    expect(await run('migrate', 'central', 'documents')).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^central: applied .*\ndocuments: applied order_documents\.user, .*\n$/),
    });
    expect(await run('migrate', 'documents')).toEqual({ code: 0, stdout: 'documents: up to date\n' });
    expect(await run('migrate:check', 'documents')).toEqual({ code: 0, stdout: 'documents: up to date\n' });
    expect(await run('migrate:down', 'documents')).toEqual({ code: 0, stdout: 'documents: nothing to revert\n' });
    const status = await run('migrate:status', '--json');
    expect(JSON.parse(status.stdout)).toMatchObject({ documents: { pending: [] }, central: { pending: [] } });
    expect(await run('migrate', 'users')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^users: applied/) });
  });
});
