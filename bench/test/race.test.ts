import assert from 'node:assert/strict';
import { mkdirSync, readdirSync } from 'node:fs';
import process from 'node:process';
import { test } from 'node:test';
import type { Contestant } from '../contestant.ts';
import { runs } from '../places.ts';
import { race } from '../race.ts';

mkdirSync(runs, { recursive: true });

const course = { records: 10, rounds: 2, seed: 1, files: {}, schemas: {} };

const contestant = (name: string, rows: number, folders: string[] = []): Contestant => ({
  name,
  title: name,
  validates: false,
  isOrm: false,
  unavailable: () => undefined,
  async prepare({ folder }) {
    assert.deepEqual(readdirSync(folder), []);
    folders.push(folder);
  },
  steps: () => [{ command: process.execPath, args: ['--eval', 'require("node:fs").writeFileSync("left", "behind")'] }],
  count: async () => ({ users: 10, products: 10, orders: rows }),
});

test('everybody runs once a round in an empty folder, and the first round does not count', async () => {
  const reported: string[] = [];
  const folders: string[] = [];
  const results = await race([contestant('a', 10, folders), contestant('b', 10, folders)], course, (round, { name }) =>
    reported.push(`${round} ${name}`),
  );
  assert.deepEqual([...reported].sort(), ['0 a', '0 b', '1 a', '1 b', '2 a', '2 b']);
  assert.deepEqual(
    reported.map((line) => line[0]),
    ['0', '0', '1', '1', '2', '2'],
  );
  assert.deepEqual(
    results.map(({ times }) => times.length),
    [2, 2],
  );
  assert.equal(new Set(folders).size, 6);
});

test('a contestant that runs once has its turn in the first round that counts', async () => {
  const reported: string[] = [];
  const results = await race([{ ...contestant('a', 10), runsOnce: true }], course, (round, { name }) =>
    reported.push(`${round} ${name}`),
  );
  assert.deepEqual(reported, ['1 a']);
  assert.equal(results[0]?.times.length, 1);
});

test('a contestant that leaves out a row fails the benchmark', async () => {
  await assert.rejects(
    race([contestant('a', 9)], course, () => undefined),
    /a left 9 of 10 rows in orders\./,
  );
});
