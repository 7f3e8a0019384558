/** The elements of a JSON array: their texts, their lines, and how long one may be. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ArrayElements, ArrayFault, type Element } from '../../../src/populate/read/elements.ts';
import { depth } from '../../support/depth.ts';
import { cutAt, cuts } from '../../support/text.ts';
import { isLinear } from '../../support/work.ts';

function read(pieces: readonly string[]): Element[] {
  const elements = new ArrayElements();
  const found: Element[] = [];
  for (const piece of pieces) {
    elements.read(piece, (element) => found.push(element));
  }
  return found;
}

test('any JSON comes out as it was written, however it is cut', () => {
  const json = fc.jsonValue({ noUnicodeString: false, maxDepth: 4 });
  fc.assert(
    fc.property(fc.array(json, { maxLength: 6 }), cuts, (values, lengths) => {
      const texts = values.map((value) => JSON.stringify(value, null, 1));
      const found = read(cutAt(`[\n${texts.join(' ,\r\n')}\n]`, lengths));
      expect(found.map(({ text }) => text)).toEqual(texts);
      let line = 2;
      for (const [index, text] of texts.entries()) {
        expect(found[index]?.line).toBe(line);
        line += text.split('\n').length;
      }
    }),
    { numRuns: depth(100, 500) },
  );
});

test.each([
  ['quotes', String.raw`"\""`],
  ['a backslash at its end', String.raw`"\\"`],
  ['both', String.raw`"\\\""`],
  ['brackets', '"]}[{"'],
  ['in a key', String.raw`{"\\\"]":1}`],
])('a string with %s ends where it ends, wherever it is cut', (_what, text) => {
  const array = `[${text},{"a":${text}},1]`;
  for (let at = 1; at < array.length; at++) {
    expect(read([array.slice(0, at), array.slice(at)]).map((one) => one.text)).toEqual([text, `{"a":${text}}`, '1']);
  }
});

test('an element that is nested too deep is passed, and not kept', () => {
  const deep = `${'{"a":'.repeat(65)}1${'}'.repeat(65)}`;
  expect(read([`[${deep.slice(5, -1)},`, `${deep},\n`, '2]'])).toEqual([
    { line: 1, text: deep.slice(5, -1) },
    { line: 1, text: undefined },
    { line: 2, text: '2' },
  ]);
});

describe('more than 64 MiB', () => {
  const piece = 'x'.repeat(1024 * 1024);
  const fill = (start: string) => () => {
    const elements = new ArrayElements();
    elements.read(`[1,\n${start}`, () => undefined);
    for (let mebibytes = 0; mebibytes <= 64; mebibytes++) {
      elements.read(piece, () => undefined);
    }
  };

  test.each(['{"a":"', '"', '1'].slice(0, depth(1, 3)))('end an element that begins with %s', (start) => {
    expect(fill(start)).toThrow(
      new ArrayFault(
        2,
        'the element that starts here is longer than 64 MiB; probably a quote or a bracket in it is never closed.',
      ),
    );
  });

  test('do not, of one that is too deep to be kept', () => {
    expect(fill('['.repeat(65))).not.toThrow();
  });
});

test.each([
  ['numbers', '1,'],
  ['a number without end', '1'],
  ['white space', ' \n'],
  ['brackets', '['],
  ['closed objects', '[{}],'],
  ['backslashes', '"\\'],
  ['escaped quotes', '\\"'],
  ['keys', '{"a":'],
])('%s take time in proportion to their length', (_what, part) => {
  for (const start of ['[', '["', '[{"a":"'].slice(0, depth(1, 3))) {
    const work = (size: number) => {
      try {
        const text = start + part.repeat(size);
        read(cutAt(text, Array<number>(Math.ceil(text.length / 64)).fill(64)));
      } catch (error) {
        expect(error).toBeInstanceOf(ArrayFault);
      }
    };
    expect([start, isLinear(work)]).toEqual([start, true]);
  }
});
