/** What the page says of databases and migrations. */
import { expect, test } from '@jest/globals';
import type { DatabaseState } from '../../src/http/page-files/description.ts';
import { type Health, healthMark } from '../../src/page/frame/health.ts';
import { migrationVerdict } from '../../src/page/migrations/verdict.ts';
import { databaseVerdict, summaryOf } from '../../src/page/overview/database-health.ts';

test('a database is well, missing, failing or unknown, with what to do', () => {
  const verdict = (state: DatabaseState['state'], reason: string | null = null) =>
    databaseVerdict({ database: 'users', state, reason });
  expect(verdict('ok')).toEqual({ health: 'well', advice: '' });
  expect(verdict('missing').health).toBe('missing');
  expect(verdict('failing', 'The disk is full.')).toEqual({ health: 'failing', advice: 'The disk is full.' });
  expect(verdict('new' as 'ok').health).toBe('unknown');
});

test('the overview has one sentence: the worst, and what to do about it', () => {
  const one = (name: string, health: Health, advice = '') => ({ name, health, advice });
  expect(summaryOf([])).toBe('Nothing is known yet.');
  expect(summaryOf([one('a', 'well')])).toBe('All is well.');
  expect(summaryOf([one('a', 'behind', 'Ship now.'), one('b', 'failing', 'Free the disk.')])).toBe(
    'b is failing. Free the disk.',
  );
  expect(summaryOf(['a', 'b', 'c', 'd', 'e'].map((name) => one(name, 'failing', 'Free the disk.')))).toBe(
    'a is failing. Free the disk. So are b, c, d and 1 more.',
  );
  expect(summaryOf([one('a', 'unknown', 'It is locked.')])).toBe('It is not known how a is. It is locked.');
  expect(summaryOf([one('a', 'missing')])).toBe('a does not exist yet. Load a file to begin.');
  expect(summaryOf([one('a', 'missing'), one('b', 'missing')])).toBe('a and b do not exist yet. Load a file to begin.');
  expect(healthMark('unknown')).toBe('?');
});

test('migrations are pending, unknown, missing, or differ from the entities', () => {
  const verdict = (given: object) =>
    migrationVerdict({ database: 'users', state: 'known', reason: null, executed: ['A'], pending: [], ...given });
  expect(verdict({}).health).toBe('well');
  expect(verdict({ pending: ['B'] })).toMatchObject({
    health: 'behind',
    advice: expect.stringContaining('migrate users'),
  });
  expect(verdict({ unknown: ['Z'] })).toMatchObject({ health: 'failing', advice: expect.stringContaining('Z') });
  expect(verdict({ drift: true }).health).toBe('behind');
  expect(verdict({ state: 'missing' }).health).toBe('missing');
  expect(verdict({ state: 'failing', reason: 'It is locked.' })).toEqual({
    health: 'failing',
    advice: 'It is locked.',
  });
});
