import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startProgram } from '../regions/conversation.ts';
import type { PlaceOrders, Turn } from '../regions/turn.ts';

test('a program that ends instead of answering says why', async () => {
  // an empty region sells nothing
  const folder = mkdtempSync(join(tmpdir(), 'meridian-bench-'));
  const program = startProgram<PlaceOrders, Turn>('place', { items: 1, seed: 1 }, { folder });
  await assert.rejects(program.ask({ from: 0, to: 1 }), /place ended with 1:.*not sold in boston/s);
  await assert.rejects(program.end(), /place ended with 1/);
  rmSync(folder, { recursive: true });
});

test('a program that gets no request ends by itself', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'meridian-bench-'));
  const program = startProgram<PlaceOrders, Turn>('place', { items: 1, seed: 1 }, { folder });
  assert.ok((await program.ask({ from: 0, to: 0 })).seconds >= 0);
  await program.end();
  rmSync(folder, { recursive: true });
});
