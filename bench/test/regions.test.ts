import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aims } from '../regions/aims.ts';
import { type ClientTurn, toLines } from '../regions/clients.ts';
import { toDraining } from '../regions/draining.ts';
import type { Findings } from '../regions/findings.ts';
import { toLag } from '../regions/lag.ts';
import { transactionsPerSecond } from '../regions/pgbench.ts';
import { toPlacing } from '../regions/placing.ts';
import { report } from '../regions/report.ts';
import { PRODUCTS, requestOf, USERS } from '../regions/requests.ts';

const turn = (seconds: number, cpuSeconds = seconds / 2) => ({ seconds, cpuSeconds });
const drain = (events: number, seconds: number, peakBytes = 100e6) => ({ events, seconds, cpuSeconds: 1, peakBytes });
const profile = [
  { group: 'SQLite and the disk', share: 0.9 },
  { group: 'kysely', share: 0.09 },
  { group: 'uuid', share: 0.01 },
];

const findings: Findings = {
  command: 'npm run bench -- --only regions',
  date: '2026-01-31',
  machine: { cpu: 'a processor', cores: 2, memoryBytes: 2 ** 34, system: 'a system' },
  versions: { Meridian: '0.1.0' },
  rounds: 3,
  seed: 1,
  // the second round was slow for everybody
  placing: [
    toPlacing(1, 1000, { meridian: [turn(2), turn(20), turn(2)], byHand: [turn(1), turn(14), turn(1)] }, profile),
  ],
  draining: toDraining(
    1_000_000,
    { small: [drain(10_000, 0.5), drain(10_000, 0.4)], large: [drain(1_000_000, 60, 300e6)] },
    profile,
  ),
  lag: toLag([5, 1, 3, 2, 4]),
  nats: {
    version: '2.10.29',
    drains: [{ events: 100_000, seconds: 10, centralCpuSeconds: 3, relayCpuSeconds: 4 }],
    eventsPerSecond: { median: 9000, least: 8000, most: 10_000, spread: 0.2 },
    lag: toLag([5, 61, 3, 60, 62]),
  },
  clients: {
    versions: { server: '18.4', pgbench: '15.18' },
    clients: 16,
    seconds: 10,
    profile,
    lines: toLines(
      new Map<string, ClientTurn[]>([
        ['pgbench', [1000, 500, 1000].map((ordersPerSecond) => ({ ordersPerSecond, cpus: undefined }))],
        ['Meridian, one process', [400, 300, 450].map((ordersPerSecond) => ({ ordersPerSecond, cpus: 1 }))],
        ['Meridian, two processes', [600, 300, 500].map((ordersPerSecond) => ({ ordersPerSecond, cpus: 1.5 }))],
      ]),
    ),
  },
};

test('a ratio is of turns of one round, and what is no processor time was waiting', () => {
  const [{ ratio, meridian, byHand } = assert.fail()] = findings.placing ?? [];
  assert.equal(ratio, 0.5);
  assert.equal(meridian.ordersPerSecond.median, 500);
  assert.deepEqual([meridian.cpuMillisecondsPerOrder, byHand.waitMillisecondsPerOrder], [1, 0.5]);
});

test('a large backlog is held against a small one', () => {
  const { small, large, ratio } = findings.draining ?? assert.fail();
  assert.equal(small.eventsPerSecond.median, 22_500);
  assert.equal(ratio, 1e6 / 60 / 22_500);
  assert.equal(large.peakBytes, 300e6);
});

test('each aim says whether it is reached', () => {
  const found = aims(findings).map(({ asked, measured, isReached }) => [asked, measured, isReached]);
  assert.deepEqual(found, [
    ['at least 0.6 ×', '0.50 ×', false],
    ['at least 20,000', '22,500', true],
    ['at least 20,000', '16,667', false],
    ['at least 0.8 ×', '0.74 ×', false],
    ['under 20 ms', '3.0 ms', true],
    ['at least 10,000', '9,000', false],
    ['under 50 ms', '60.0 ms', false],
    ['at least 0.5 ×', '0.45 ×', false],
    ['at least 0.5 ×', '0.60 ×', true],
  ]);
});

test('what was not measured is no aim, and the report says why it was not', () => {
  const nothing = { ...findings, placing: undefined, draining: undefined, lag: undefined, nats: undefined };
  assert.deepEqual(aims({ ...nothing, clients: undefined }), []);
  const reason = 'there is no pgbench on the PATH';
  assert.deepEqual(aims({ ...nothing, clients: { reason } }), []);
  const text = report({ ...nothing, clients: { reason } });
  assert.match(text, /Not measured: there is no pgbench on the PATH\./);
  assert.doesNotMatch(text, /## Aims|## Events to central/);
});

test('the report has a line for each side, and adds up small shares', () => {
  const text = report(findings);
  for (const line of [
    '| 1 product | Meridian | 1,000 | 500 | 50 | 500 | 90 % | 1.00 | 1.00 | 0.50 |',
    '| 1,000,000 | 1 | 16,667 | 16,667 | 16,667 | 0 % | 1.0 | 300 | 0.74 |',
    '| 5 | 3.0 | 5.0 | 5.0 | 5.0 |',
    '| 100,000 | 1 | 9,000 | 8,000 | 10,000 | 20 % | 30.0 | 40.0 |',
    '| 5 | 60.0 | 62.0 | 62.0 | 62.0 |',
    '| Meridian, two processes | 500 | 300 | 600 | 60 % | 1.50 | 0.60 |',
    '| kysely | 9 % |',
    '| all else | 1 % |',
  ]) {
    assert.ok(text.includes(`\n${line}\n`), `${line}\nis not in\n${text}`);
  }
  assert.doesNotMatch(text, /uuid/);
});

test('orders are the same for the same seed, of users and different products that there are', () => {
  assert.deepEqual(requestOf(1, 7, 3), requestOf(1, 7, 3));
  const requests = Array.from({ length: 2000 }, (_, number) => requestOf(1, number, 3));
  for (const { userId, items } of requests) {
    assert.ok(userId >= 1 && userId <= USERS);
    assert.equal(new Set(items.map(({ productId }) => productId)).size, 3);
    assert.ok(items.every(({ productId, quantity }) => productId >= 1 && productId <= PRODUCTS && quantity >= 1));
  }
  assert.ok(new Set(requests.map(({ userId }) => userId)).size > 800);
  assert.ok(new Set(requests.flatMap(({ items }) => items.map(({ productId }) => productId))).size > 990);
});

test('an order of all products there are has each of them', () => {
  const { items } = requestOf(1, 0, PRODUCTS);
  assert.equal(items.length, PRODUCTS);
});

test('what pgbench says is read, and failures are not overlooked', () => {
  const said = (failed: number) =>
    `number of failed transactions: ${failed} (0.000%)\ntps = 1345.162870 (without initial connection time)\n`;
  assert.equal(transactionsPerSecond(said(0)), 1345.16287);
  assert.throws(() => transactionsPerSecond(said(1)), /pgbench did not do what it was to do/);
  assert.throws(() => transactionsPerSecond('pgbench: error: aborted'), /error: aborted/);
});
