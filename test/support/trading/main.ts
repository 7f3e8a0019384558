/**
 * Makes faults at every statement of placing, cancelling, shipping and applying, and prints the figures as JSON:
 * `npx node dist/test/support/trading/main.js <errors|snapshots|kills> <folder or URL of an empty database> [<step of errors and kills>]`
 * Instead of a step, `distinct` chooses the statements of `errors` that no other one stands for.
 */
import process from 'node:process';
import { stepIn } from '../faults/positions.ts';
import { fileStage, serverStage } from './stages.ts';
import { errors, type Figures, kills, snapshots } from './trials.ts';

const [kind = '', where = '', step = '1'] = process.argv.slice(2);
const isServer = where.startsWith('postgresql:');
const stage = isServer ? serverStage(where) : fileStage(where);
const unhandled: unknown[] = [];
process.on('unhandledRejection', (reason) => unhandled.push(String(reason)));
const kinds: Readonly<Record<string, () => Promise<Figures>>> = {
  errors: () => errors(stage, stepIn(step)),
  snapshots: () => snapshots(stage, where),
  kills: () => kills(stage, Number(step)),
};
const make = kinds[kind];
if (make === undefined) {
  throw new Error(`There is no kind of fault "${kind}". There are ${Object.keys(kinds).join(', ')}.`);
}
const figures = await make();
figures.differences.push(...unhandled.map((reason) => ({ unhandled: reason })));
process.stdout.write(`${JSON.stringify(figures)}\n`);
