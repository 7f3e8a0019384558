import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { comparison, measureAgainst } from '../against.ts';
import { parseOptions } from '../options.ts';

test('a ratio above 1 says that this checkout is faster', () => {
  const pairs = [{ figure: 'populate, s', own: [1, 2, 4], other: [2, 4, 4] }];
  assert.equal(
    comparison(pairs, { own: 'bbb', other: 'aaa' }),
    [
      '|  | aaa (other) | bbb (this) | other / this |',
      '| --- | ---: | ---: | ---: |',
      '| populate, s | 4.00 | 2.00 | 2.00 |',
    ].join('\n'),
  );
});

test('a folder that is no checkout is refused before anything is measured', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'meridian-bench-'));
  try {
    await assert.rejects(
      measureAgainst(folder, parseOptions(['--against', folder]), () => undefined),
      /^Error: --against: .* is no checkout of Meridian that is ready\. Run npm ci && npm ci --prefix bench there\.$/,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
