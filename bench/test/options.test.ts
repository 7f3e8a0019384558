import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseOptions, withoutPassword } from '../options.ts';

test('without options, everybody loads a million records in five rounds', () => {
  const { records, rounds, only, scale, postgres, help } = parseOptions([]);
  assert.deepEqual(
    { records, rounds, only, scale, postgres, help },
    {
      records: 1_000_000,
      rounds: 5,
      only: undefined,
      scale: undefined,
      postgres: undefined,
      help: false,
    },
  );
});

test('the picture and the raw figures go beside the report', () => {
  const { report, picture, raw } = parseOptions(['--out', 'somewhere/report.md']);
  assert.deepEqual([report, picture, raw], ['somewhere/report.md', 'somewhere/results.svg', 'somewhere/results.json']);
});

test('regions are measured as well, unless only others are named', () => {
  const chosen = (...args: string[]) => {
    const { only, parts } = parseOptions(args);
    return { only, parts };
  };
  const all = ['placing', 'draining', 'lag', 'nats', 'clients'];
  assert.deepEqual(chosen(), { only: undefined, parts: all });
  assert.deepEqual(chosen('--only', 'meridian,sqlite3'), { only: ['meridian', 'sqlite3'], parts: [] });
  assert.deepEqual(chosen('--only', 'regions'), { only: [], parts: all });
  assert.deepEqual(chosen('--only', 'lag, placing'), { only: [], parts: ['placing', 'lag'] });
  assert.deepEqual(chosen('--only', 'meridian,clients'), { only: ['meridian'], parts: ['clients'] });
});

test('the report of regions goes beside that of loading', () => {
  const { regionsReport, regionsRaw } = parseOptions(['--out', 'somewhere/report.md']);
  assert.deepEqual([regionsReport, regionsRaw], ['somewhere/REGIONS.md', 'somewhere/regions.json']);
});

test('the HTTP API is measured as well, unless only others are named', () => {
  const chosen = (...args: string[]) => parseOptions(args).httpParts;
  const all = ['checkouts', 'reads', 'uploads', 'page'];
  assert.deepEqual(chosen(), all);
  assert.deepEqual(chosen('--only', 'http'), all);
  assert.deepEqual(chosen('--only', 'reads'), ['reads']);
  assert.deepEqual(chosen('--only', 'meridian'), []);
  const { only, parts, httpReport, httpRaw } = parseOptions(['--only', 'http', '--out', 'somewhere/report.md']);
  assert.deepEqual([only, parts], [[], []]);
  assert.deepEqual([httpReport, httpRaw], ['somewhere/HTTP.md', 'somewhere/http.json']);
});

test('what is no number, and what is no option, is refused', () => {
  for (const text of ['0', '-1', '1e3', 'many', '']) {
    assert.throws(() => parseOptions([`--records=${text}`]), /--records takes a whole number/);
  }
  assert.throws(() => parseOptions(['--round', '5']));
});

test('no password gets into the report', () => {
  assert.equal(withoutPassword('postgresql://me:p@ss@host:5432/db'), 'postgresql://host:5432/db');
  assert.equal(withoutPassword('--postgres=postgres://me:secret@host'), '--postgres=postgres://host');
  assert.equal(withoutPassword('postgresql://host/db'), 'postgresql://host/db');
});
