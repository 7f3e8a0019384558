/**
 * Makes faults at every statement of a small load and prints the figures as JSON:
 * `npx node dist/test/support/faults/main.js <folder> <errors|snapshots|kills> <filled|empty|sets|kept|reverted> [<step>]`
 */
import process from 'node:process';
import { SCENES, type SceneName } from './small-load.ts';
import { errors, type Figures, kills, snapshots } from './trials.ts';

const kinds: Readonly<Record<string, (folder: string, scene: SceneName, step: number) => Promise<Figures>>> = {
  errors,
  snapshots,
  kills,
};

const [folder = '', kind = '', scene = '', step = '1'] = process.argv.slice(2);
const make = kinds[kind];
if (make === undefined) {
  throw new Error(`There is no kind of fault "${kind}". There are ${Object.keys(kinds).join(', ')}.`);
}
if (!(scene in SCENES)) {
  throw new Error(`There is no load "${scene}". There are ${Object.keys(SCENES).join(', ')}.`);
}
const figures = await make(folder, scene as SceneName, Number(step));
process.stdout.write(`${JSON.stringify(figures)}\n`);
