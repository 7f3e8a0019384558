/** A program that writes users.csv, products.csv and orders.csv: node generator.ts --out DIR --count N --seed S */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { mix } from './random.ts';

const FIRST =
  'Ada Alan Barbara Claude Dennis Donald Edsger Frances Grace Hedy John Katherine Ken Leslie Linus Margaret Niklaus Radia Robin Shafi';
const LAST =
  'Allen Backus Codd Dijkstra Gray Hamilton Hoare Hopper Johnson Kay Knuth Lamarr Lamport Liskov Lovelace Milner Perlman Ritchie Turing Wirth';
const GOODS =
  'Chair Desk Drill Kettle Keyboard Lamp Laptop Monitor Mouse Notebook Pen Phone Printer Rucksack Scale Speaker Tent Torch Watch Webcam';

const pick = (words: readonly string[], number: number) => words[number % words.length] as string;

type Line = (number: number) => string;

function files(count: number, seed: number): Record<string, { header: string; line: Line }> {
  const [first, last, goods] = [FIRST, LAST, GOODS].map((words) => words.split(' ')) as [string[], string[], string[]];
  return {
    users: {
      header: 'id,name,email',
      line: (number) => {
        const dice = mix(seed, number);
        const [given, family] = [pick(first, dice), pick(last, dice >>> 8)];
        return `${number},${given} ${family},${given.toLowerCase()}.${family.toLowerCase()}${number}@example.com`;
      },
    },
    products: {
      header: 'id,sku,name,price',
      line: (number) => {
        const dice = mix(seed + 1, number);
        const name = pick(goods, dice);
        const cents = String(dice % 100).padStart(2, '0');
        return `${number},${name.slice(0, 3).toUpperCase()}-${number},${name} ${dice % 1000},${1 + ((dice >>> 8) % 2000)}.${cents}`;
      },
    },
    orders: {
      header: 'id,userId,productId,quantity',
      line: (number) => {
        const user = 1 + (mix(seed + 2, number) % count);
        const product = 1 + (mix(seed + 3, number) % count);
        return `${number},${user},${product},${1 + (mix(seed + 4, number) % 9)}`;
      },
    },
  };
}

async function write(file: string, header: string, line: Line, count: number): Promise<void> {
  const out = createWriteStream(file);
  let text = `${header}\n`;
  for (let number = 1; number <= count; number++) {
    text += `${line(number)}\n`;
    if (text.length > 1 << 20) {
      if (!out.write(text)) {
        await once(out, 'drain');
      }
      text = '';
    }
  }
  out.end(text);
  await once(out, 'finish');
}

const { values } = parseArgs({
  options: { out: { type: 'string' }, count: { type: 'string' }, seed: { type: 'string' } },
});
const count = Number(values.count);
for (const [name, { header, line }] of Object.entries(files(count, Number(values.seed)))) {
  await write(join(values.out as string, `${name}.csv`), header, line, count);
}
