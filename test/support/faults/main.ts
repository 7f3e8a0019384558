/** `node dist/test/support/faults/main.js <folder> <kind> <filled|empty>`: makes the faults and prints the figures as JSON. */
import process from 'node:process';
import { errors, snapshots } from './trials.ts';

const [folder = '', kind, databases] = process.argv.slice(2);
const figures = await (kind === 'errors' ? errors : snapshots)(folder, databases === 'filled');
process.stdout.write(`${JSON.stringify(figures)}\n`);
