import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { danglingFiles, garbageIn, rejectedFiles } from '../cases.ts';

test('every user is rejected, or every order dangles', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'meridian-bench-'));
  try {
    const files = Object.fromEntries(
      ['users', 'products', 'orders'].map((name) => [name, join(folder, `${name}.csv`)]),
    );
    writeFileSync(files['users'] as string, 'id,name,email\n1,Alice,alice@example.com\n');
    writeFileSync(files['products'] as string, 'id,sku,name,price\n1,A,Mug,1.00\n');
    writeFileSync(files['orders'] as string, 'id,userId,productId,quantity\n1,1,1,2\n');
    const contents = (made: Readonly<Record<string, string>>) =>
      ['users', 'products', 'orders'].map((name) => readFileSync(made[name] as string, 'utf8'));
    assert.deepEqual(contents(await rejectedFiles(files)), [
      'id,name,email\n1,Alice,alice at example.com\n',
      'id,sku,name,price\n',
      'id,userId,productId,quantity\n',
    ]);
    assert.deepEqual(contents(await danglingFiles(files)), [
      'id,name,email\n',
      'id,sku,name,price\n',
      'id,userId,productId,quantity\n1,1,1,2\n',
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('garbage collection is counted in the time of its samples', () => {
  const node = (id: number, functionName: string) => ({ id, callFrame: { functionName, url: '' } });
  const nodes = [node(1, '(root)'), node(2, '(garbage collector)')];
  assert.equal(garbageIn({ nodes, samples: [1, 2, 1], timeDeltas: [50, 10, 40] }), 0.1);
  assert.equal(garbageIn({ nodes, samples: [1], timeDeltas: [50] }), 0);
});
