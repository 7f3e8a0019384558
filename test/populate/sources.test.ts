/** The value settings of the files of a table. */
import { expect, test } from '@jest/globals';
import type { OpenSource } from '../../src/populate/read/source.ts';
import { valuesOf } from '../../src/populate/sources.ts';

const openWith = (...files: NonNullable<OpenSource['files']>): OpenSource => ({
  columns: undefined,
  files,
  records: (async function* () {})(),
  progress: () => ({ bytesRead: 0, bytesTotal: 0 }),
  close: async () => undefined,
});

const file = (name: string, decimal?: ',') => ({ name, columns: [], ...(decimal && { values: { decimal } }) });

test('files with other settings are named', () => {
  expect(valuesOf({ open: openWith(file('a.csv'), file('b.csv', ',')) }, { nulls: ['-'] })).toEqual({
    nulls: ['-'],
    byFile: { 'b.csv': { decimal: ',' } },
  });
});

test('files that only a hidden query tells apart are not read with the settings of each other', () => {
  const open = openWith(file('https://example.com/export'), file('https://example.com/export', ','));
  expect(() => valuesOf({ open })).toThrow(
    /Several files are called https:\/\/example\.com\/export, .* one after the other\.$/,
  );
});
