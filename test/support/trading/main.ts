/**
 * Makes faults at every statement of placing, cancelling, shipping and applying, and prints the figures as JSON:
 * `npx node dist/test/support/trading/main.js <errors|snapshots|kills> <folder or URL of an empty database> [<step of errors and kills>]`
 */
import process from 'node:process';
import { fileStage, serverStage } from './stages.ts';
import { errors, kills, snapshots } from './trials.ts';

const [kind = '', where = '', step = '1'] = process.argv.slice(2);
const isServer = where.startsWith('postgresql:');
const stage = isServer ? serverStage(where) : fileStage(where);
const unhandled: unknown[] = [];
process.on('unhandledRejection', (reason) => unhandled.push(String(reason)));
const figures = await (kind === 'errors'
  ? errors(stage, Number(step))
  : kind === 'snapshots'
    ? snapshots(stage, where)
    : kills(stage, Number(step)));
figures.differences.push(...unhandled.map((reason) => ({ unhandled: reason })));
process.stdout.write(`${JSON.stringify(figures)}\n`);
