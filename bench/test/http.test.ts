import assert from 'node:assert/strict';
import { test } from 'node:test';
import { httpAims } from '../http/aims.ts';
import { checkoutRequests, userRequests } from '../http/compare.ts';
import { type HttpFindings, toCompared, toPageTimes, toUploads } from '../http/findings.ts';
import { httpReport } from '../http/report.ts';

const turn = (requestsPerSecond: number, p99Milliseconds: number) => ({
  requestsPerSecond,
  p50Milliseconds: 1,
  p99Milliseconds,
  cpuMicroseconds: 1e6 / requestsPerSecond,
});
const frames = (longestMilliseconds: number, p99Milliseconds: number) => ({
  frames: 600,
  longestMilliseconds,
  p99Milliseconds,
});
const profile = [{ group: 'fastify', share: 0.9 }];

const findings: HttpFindings = {
  command: 'npm run bench -- --only http',
  date: '2026-01-31',
  machine: { cpu: 'a processor', cores: 2, memoryBytes: 2 ** 34, system: 'a system' },
  loadBefore: 0.5,
  versions: { Meridian: '0.2.0' },
  rounds: 3,
  seed: 1,
  // the second round was slow for both
  checkouts: toCompared(
    10,
    {
      meridian: [turn(2000, 30), turn(200, 400), turn(2000, 40)],
      byHand: [turn(1000, 70), turn(80, 900), turn(1000, 60)],
    },
    profile,
  ),
  reads: toCompared(10, { meridian: [turn(6000, 9)], byHand: [turn(10_000, 6)] }, profile),
  uploads: toUploads(1_000_000, [5.5, 11, 5.4], [5, 10, 5]),
  page: toPageTimes(10_000, '150.0', [200, 1400, 300], [frames(33.3, 16.8), frames(50, 33.4), frames(66.7, 16.7)]),
};

test('a ratio is of turns of one round', () => {
  assert.equal(findings.checkouts?.ratio, 2);
  assert.equal(findings.checkouts?.meridian.p99Milliseconds, 40);
  assert.equal(findings.uploads?.ratio, 1.1);
});

test('each aim says whether it is reached', () => {
  const found = httpAims(findings).map(({ asked, measured, isReached }) => [asked, measured, isReached]);
  assert.deepEqual(found, [
    ['at least 2.0 ×', '2.00 ×', true],
    ['under 50 ms', '40.0 ms', true],
    ['at least 0.7 ×', '0.60 ×', false],
    ['at most 1.1 ×', '1.10 ×', true],
    ['under 1,000 ms', '300 ms', true],
    ['under 50 ms', '50.0 ms', false],
  ]);
  assert.deepEqual(httpAims({ checkouts: undefined, reads: undefined, uploads: undefined, page: undefined }), []);
});

test('the report has a line for each side', () => {
  const text = httpReport(findings);
  for (const line of [
    '| by hand | 10,000 | 10,000 | 10,000 | 0 % | 1.0 | 6.0 | 100 | 1.00 |',
    '| Meridian | 6,000 | 6,000 | 6,000 | 0 % | 1.0 | 9.0 | 167 | 0.60 |',
    '| upload | 5.50 | 5.40 | 11.00 | 102 % | 1.10 |',
    '| fastify | 90 % |',
    '| first paint | 300.0 | 200.0 | 1400.0 | 400 % |',
    '| longest frame | 50.0 | 33.3 | 66.7 | 67 % |',
    '| 99th percentile frame | 16.8 | 16.7 | 33.4 | 99 % |',
  ]) {
    assert.ok(text.includes(`\n${line}\n`), `${line}\nis not in\n${text}`);
  }
});

test('a page that is not measured has a reason and no aim', () => {
  const page = { reason: 'there is no browser' };
  assert.match(httpReport({ ...findings, page }), /\n## The page\n\nNot measured, since there is no browser\.\n/);
  assert.equal(httpAims({ ...findings, page }).length, 4);
});

test('the report says whether the machine had other work', () => {
  assert.doesNotMatch(httpReport(findings), /busy/);
  assert.match(httpReport({ ...findings, loadBefore: 12.81 }), /busy with other work \(load average 12\.8\)/);
});

test('each checkout has a key of its own, and both sides are asked for the same', () => {
  const { of } = checkoutRequests(1);
  const keys = Array.from({ length: 100 }, (_, number) => of(number).headers?.['idempotency-key']);
  assert.equal(new Set(keys).size, 100);
  assert.equal(userRequests.pathByHand(userRequests.of(6).path), '/users/7');
});
