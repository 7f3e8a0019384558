import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aims } from '../aims.ts';
import { chart } from '../chart.ts';
import { contestants } from '../contestants/list.ts';
import { summarize } from '../figures.ts';
import { type Results, toRace } from '../findings.ts';
import { report } from '../report.ts';

/** What a race would give in which everybody took these times. */
function raceOf(records: number, times: Record<string, number[]>, megabytes = 100) {
  const results = contestants
    .filter(({ name }) => name in times)
    .map((contestant) => ({
      contestant,
      times: (times[contestant.name] ?? []).map((seconds) => ({ seconds, peakBytes: megabytes * 1e6 })),
    }));
  return toRace(results, records);
}

const results: Results = {
  command: 'npm run bench --',
  date: '2026-01-31',
  machine: { cpu: 'a processor', cores: 2, memoryBytes: 2 ** 34, system: 'a system' },
  versions: { Meridian: '0.1.0' },
  rounds: 3,
  seed: 1,
  sqlite: raceOf(1000, {
    meridian: [2, 4, 3],
    sqlite3: [2, 8, 3],
    'better-sqlite3': [1, 1, 1],
    typeorm: [10, 16, 15],
    drizzle: [7, 14, 9],
  }),
  sample: { runs: [], seconds: summarize([1.3]) },
  cases: {
    records: 100_000,
    cases: [
      { title: 'rejected', seconds: summarize([1]), peakBytes: 100e6 },
      { title: 'dangling', seconds: summarize([90]), peakBytes: undefined },
    ],
    again: 1.2,
    garbage: 0.04,
  },
  scale: raceOf(10_000, { meridian: [33] }, 130),
  postgres: undefined,
};

test('the fastest comes first, with its speed over all three files and its ratio to Meridian', () => {
  const [first, second] = results.sqlite.lines;
  assert.equal(first?.name, 'better-sqlite3');
  assert.equal(first?.recordsPerSecond, 3000);
  assert.deepEqual([second?.ratio, second?.peakBytes], [1, 100e6]);
});

test('one that runs once is compared with the first run of Meridian', () => {
  const { lines } = raceOf(1000, { meridian: [2, 4, 3], 'sqlite-utils': [8] });
  assert.deepEqual(
    lines.map(({ title, ratio }) => [title, ratio]),
    [
      ['Meridian', 1],
      ['sqlite-utils insert (one run)', 4],
    ],
  );
});

test('the aims are held against the ORM that is fastest, and against no other', () => {
  const found = aims(results).map(({ measured, isReached }) => [measured, isReached]);
  assert.deepEqual(found, [
    ['1.00 ×', false],
    ['3.50 ×', false],
    ['100 MB', true],
    ['1.00 s', true],
    ['90.00 s', false],
    ['1.20 ×', false],
    ['4 %', true],
    ['+10 %', true],
    ['+30 %', false],
    ['1.30 s', false],
  ]);
});

test('what was not measured is no aim', () => {
  const { sample, cases, scale, ...rest } = results;
  assert.ok(sample && cases && scale);
  const alone = { ...rest, sample: undefined, scale: undefined, sqlite: raceOf(1000, { meridian: [1], sqlite3: [1] }) };
  assert.equal(aims(alone).length, 2);
  assert.deepEqual(aims({ ...alone, sqlite: raceOf(1000, { sqlite3: [1] }) }), []);
});

test('the report names who was left out and why', () => {
  const sqlite = {
    ...results.sqlite,
    skipped: [{ title: 'sqlite3 .import', reason: 'there is no sqlite3 on the PATH' }],
  };
  const text = report({ ...results, sqlite, postgres: { reason: 'there is no psql on the PATH' } }, 'results.svg');
  assert.match(text, /Not measured: sqlite3 \.import, since there is no sqlite3 on the PATH\./);
  assert.match(text, /Not measured: there is no psql on the PATH\./);
  assert.match(text, /\| dangling \| 90\.00 \| 90\.00 \| 90\.00 \|/);
  assert.match(text, /at most 4 % on garbage collection/);
  assert.match(text, /\| Drizzle \| yes \| 9\.00 \| 7\.00 \| 14\.00 \| 78 % \| 333 \| 100 \| 3\.50 \|/);
});

test('the picture shows a bar for everybody, and there is none without Meridian', () => {
  const svg = chart(results.sqlite);
  for (const { title } of results.sqlite.lines) {
    assert.ok(svg?.includes(`>${title}<`), title);
  }
  assert.ok(svg?.includes('>3.50<'));
  assert.equal(chart(raceOf(1000, { sqlite3: [1] })), undefined);
});
