/** The line of a property in the source of its entity. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { placeOf } from '../../../src/config/check/source-place.ts';
import { makeFolder, writeIn } from '../../support/folder.ts';

const SOURCE = `// class Customer { name
class Other {
  name = 1;
}
export class Customer {
  @Property({ type: 'string' }) name!: string;
  private readonly note?: string;
  get email(): string {
    return '';
  }
}
`;

/** What TypeScript 5 has of a parser, as far as it is used. */
const PARSER = `
exports.createSourceFile = (file, text) => {
  const name = (word, from) => ({ getText: () => word, getStart: () => text.indexOf(word, from) });
  const start = text.indexOf('class Customer {\\n');
  const members = ['name', 'note'].map((word) => ({ name: name(word, start), forEachChild: () => undefined }));
  const node = { name: name('Customer', start), members, forEachChild: () => undefined };
  return { forEachChild: (visit) => visit(node) };
};`;

describe.each([
  ['with a regular expression', ''],
  ['with the TypeScript of the project', PARSER],
])('%s', (_, parser) => {
  test.each([
    ['name', 6],
    ['note', 7],
    [undefined, 5],
  ])('%p: line %p', (property, line) => {
    const root = makeFolder();
    const file = writeIn(root, 'customer.entity.ts', SOURCE.replace('// class Customer { name', ''));
    if (parser !== '') {
      writeIn(root, 'node_modules/typescript/index.js', parser);
    }
    expect(placeOf({ path: file, className: 'Customer' }, property, root)).toEqual({ file, line });
    expect(placeOf({ path: pathToFileURL(file).href, className: 'Customer' }, property, root)).toEqual({ file, line });
  });
});

test('of a property that is not found, the file alone', () => {
  const root = makeFolder();
  const file = writeIn(root, 'customer.entity.ts', SOURCE);
  expect(placeOf({ path: file, className: 'Customer' }, 'gone', root)).toEqual({ file });
});

test('of a compiled file, its source', () => {
  const root = makeFolder();
  const source = writeIn(root, 'src/customer.entity.ts', SOURCE);
  const path = writeIn(root, 'dist/customer.entity.js', '');
  writeIn(root, 'dist/customer.entity.js.map', '{ "sources": ["../src/customer.entity.ts"] }');
  expect(placeOf({ path, className: 'Customer' }, 'note', root)).toEqual({ file: source, line: 7 });
  writeIn(root, 'dist/customer.entity.js.map', '{ "sources": ["../src/gone.ts"] }');
  expect(placeOf({ path, className: 'Customer' }, 'note', root)).toEqual({ file: path });
});

test('nothing where MikroORM does not know the file', () => {
  expect(placeOf({ path: 'Customer', className: 'Customer' }, 'name', '/p')).toBeUndefined();
  expect(placeOf({ path: join('/p', 'gone.ts'), className: 'Customer' }, 'name', '/p')).toBeUndefined();
});
