/**
 * Makes faults at every statement of a small load and prints the figures as JSON:
 * `npx node dist/test/support/faults/main.js <folder> <errors|snapshots|kills> <filled|empty> [<step>]`
 */
import process from 'node:process';
import { errors, type Figures, kills, snapshots } from './trials.ts';

const kinds: Readonly<Record<string, (folder: string, isFilled: boolean, step: number) => Promise<Figures>>> = {
  errors,
  snapshots,
  kills,
};

const [folder = '', kind = '', databases, step = '1'] = process.argv.slice(2);
const make = kinds[kind];
if (make === undefined) {
  throw new Error(`There is no kind of fault "${kind}". There are ${Object.keys(kinds).join(', ')}.`);
}
const figures = await make(folder, databases === 'filled', Number(step));
process.stdout.write(`${JSON.stringify(figures)}\n`);
