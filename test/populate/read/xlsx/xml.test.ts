/** XML is read a piece at a time, however much of it is unpacked at once. */
import { expect, test } from '@jest/globals';
import { readXml } from '../../../../src/populate/read/xlsx/xml.ts';

async function* inOneChunk(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}

test('a large chunk is read in pieces, which may end within a character', async () => {
  const texts = Array.from({ length: 20_000 }, (_, index) => `€${'x'.repeat(index % 7)}😀 ${index}`);
  const found: string[] = [];
  let most = 0;
  let before = 0;
  const chunks = inOneChunk(`<texts>${texts.map((text) => `<t>${text}</t>`).join('')}</texts>`);
  let current = '';
  const events = {
    opened() {
      current = '';
    },
    text(piece: string) {
      current += piece;
    },
    closed(name: string) {
      if (name === 't') {
        found.push(current);
      }
    },
  };
  for await (const _ of readXml(chunks, events)) {
    most = Math.max(most, found.length - before);
    before = found.length;
  }
  expect(found).toEqual(texts);
  expect(most).toBeLessThan(1000);
});
