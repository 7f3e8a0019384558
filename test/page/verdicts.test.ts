/** What the page says of databases and migrations. */
import { expect, test } from '@jest/globals';
import { healthMark } from '../../src/page/frame/health.ts';
import { migrationVerdict } from '../../src/page/migrations/verdict.ts';
import { databaseVerdict, summaryOf } from '../../src/page/overview/database-health.ts';

test('a database is well, missing, failing or unknown, with what to do', () => {
  const verdict = (state: string, reason: string | null = null) =>
    databaseVerdict({ database: 'users', state, reason });
  expect(verdict('ok')).toEqual({ health: 'well', advice: '' });
  expect(verdict('missing').health).toBe('missing');
  expect(verdict('failing', 'The disk is full.')).toEqual({ health: 'failing', advice: 'The disk is full.' });
  expect(verdict('new').health).toBe('unknown');
});

test('the overview has one sentence, about the worst', () => {
  expect(summaryOf([])).toBe('Nothing is known yet.');
  expect(summaryOf([{ name: 'a', health: 'well' }])).toBe('All is well.');
  expect(
    summaryOf([
      { name: 'a', health: 'behind' },
      { name: 'b', health: 'failing' },
    ]),
  ).toBe('b is failing. The reason beside it says what to do.');
  expect(summaryOf(['a', 'b', 'c', 'd'].map((name) => ({ name, health: 'unknown' as const })))).toBe(
    'The state of a, b, c and 1 more is not known.',
  );
  expect(summaryOf([{ name: 'a', health: 'behind' }])).toContain('a is behind, and nothing is lost');
  expect(summaryOf([{ name: 'a', health: 'missing' }])).toBe('a does not exist yet. Load a file to make it.');
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
